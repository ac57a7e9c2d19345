"""What is paid by hand: ways switched on, runs for them, handing over, the stock of vouchers and the cash box."""
