#include "paraflux/telemetry.h"

#include <stdlib.h>

extern "C" void paraflux_refuse_telemetry(void) { setenv("ORT_DISABLE_TELEMETRY", "1", 0); }
