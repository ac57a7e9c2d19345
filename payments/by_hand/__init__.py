"""What is paid by hand: ways, runs, hand-overs, the stock of vouchers and the cash box."""
