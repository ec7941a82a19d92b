"""The anatomy: a head and its facial actions, fitted to pictures and bent; maths without networks."""
