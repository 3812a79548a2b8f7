"""Groups of every type: members and their roles, profiles, attributes, applications, communities with topics and permission groups."""
