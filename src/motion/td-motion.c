#include "td-motion.h"
