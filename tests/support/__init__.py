"""What tests share: a stage with linked devices, and a referee over all that reaches them."""
