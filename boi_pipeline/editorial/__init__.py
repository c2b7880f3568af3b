"""The ledger of identities and of what people did, decisions, editions and their order."""
