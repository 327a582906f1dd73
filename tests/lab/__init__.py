"""What the scenarios are made of: programs, conditions, identities, clients."""
