"""The sections on goods: trade, other countries, supply chains and makers of cars."""
