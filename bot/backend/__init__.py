"""The reference back end: an a-kasse's records of members and meetings, behind an OpenAPI contract."""
