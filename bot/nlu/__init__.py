"""Components of the Rasa pipeline that Rasa does not have, and the Danish rules behind them."""
