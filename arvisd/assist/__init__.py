"""Sites, sessions and turns: the one pipeline that serves every room, call and chat."""
