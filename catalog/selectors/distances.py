"""How far it is on the map; pure."""

from math import asin, cos, pi, radians, sin, sqrt

EARTH_KM = 6371.0
AXIS = 6378245.0
FLATNESS = 0.00669342162296594323
Point = tuple[float, float]


def kilometres(one: Point, other: Point) -> float:
    """The way as the crow flies between two (latitude, longitude) in degrees."""
    a, b = radians(one[0]), radians(other[0])
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(half, 1.0)))


def as_on_chinese_maps(point: Point) -> Point:
    """What a satellite says (WGS-84), as Chinese maps draw it (GCJ-02); abroad nothing changes."""
    latitude, longitude = point
    if not (0.8 < latitude < 55.9 and 72.0 < longitude < 137.9):
        return point
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    lean = radians(latitude)
    bend = 1 - FLATNESS * sin(lean) ** 2
    metres_north = AXIS * (1 - FLATNESS) / (bend * sqrt(bend)) * pi
    metres_east = AXIS / sqrt(bend) * cos(lean) * pi
    return latitude + north * 180.0 / metres_north, longitude + east * 180.0 / metres_east
