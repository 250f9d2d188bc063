"""The HTTP edge of the back end: thin routes over the service layer."""
