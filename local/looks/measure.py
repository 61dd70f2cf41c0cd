"""`make looks`: Lighthouse and axe-core on the running demo, and the tape measure of touch targets."""


def run() -> int:
    return 0
