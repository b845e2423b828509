#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// Has an ONNX Runtime that is loaded from now on keep to itself what it does, unless the environment has a wish of its
// own (ORT_DISABLE_TELEMETRY). Its releases for Linux tell Microsoft of each process as they begin, before a program
// can ask them not to, and keep a number of the machine and what they have seen in files. It sets an environment
// variable: to be called before other threads read the environment.
PARAFLUX_API void paraflux_refuse_telemetry(void);

#ifdef __cplusplus
}
#endif
