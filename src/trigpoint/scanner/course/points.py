"""What the conversation adds to a frame's points, and from how many points on something is said."""

LIKELY, CLEAR, NEARLY = 3.0, 4.0, 1.5
COURSE, COURSE_MOST = 0.5, 1.0  # other behaviours of the same sender in the same conversation
COURSE_FROM = 2.4
COMPLIED = 0.2
PLEADED = 0.4  # an order or threat that the other begs against, refuses or fears
CONTROLLED = 0.8  # a child's words beside an exploiter's
OPINION_WOVEN = 0.6  # the most that the second opinion adds to words of several messages, or takes away
AGAIN, AGAIN_MOST = 0.2, 0.4
REST_EVEN, REST_SLOPE = 0.2, 4.0  # the mean opinion on other messages that says nothing; points for each above it
REST_MORE, REST_LESS = 0.8, 1.2
