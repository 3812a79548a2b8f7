"""Who there is and what they are to each other: accounts, profiles, friends, blacklists, follows, official accounts, presence."""
