"""How the running shop looks: `make pictures` takes them, `make looks` measures; both only over HTTP."""
