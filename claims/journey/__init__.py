"""The claim journey: from “what are you claiming for?” to “sent”, for oneself or for somebody one helps."""
