#pragma once

#include "paraflux/common.h"

#ifdef __cplusplus
extern "C" {
#endif

// CUDA's devices, their memory and their streams. Every call names its device, an index from 0, and leaves the thread's
// current device as it was. What returns an int returns 0 or the cudaError_t of what failed, and leaves no error of its
// own as the thread's last one; PARAFLUX_CUDA_NOT_BUILT where the library was built without CUDA. Results are then left
// alone. Addresses and streams travel as int64_t; a stream is a cudaStream_t.

// Number of CUDA devices that can be used; 0 if there is none, whatever the reason.
PARAFLUX_API int paraflux_cuda_device_count(void);

// Why the count is what it is, for a person: "built without CUDA", that there is no driver, that it is too old, and for
// what, the driver's words for anything else, or the names of the devices. Static memory.
PARAFLUX_API const char* paraflux_cuda_message(void);

// The device's name; empty where there is no such device. Static memory.
PARAFLUX_API const char* paraflux_cuda_device_name(int device);

// Why kernels cannot run on a device, for a person: that there is no such device, or that the build has no code for its
// architecture, or the driver's words; empty where they can. Static memory.
PARAFLUX_API const char* paraflux_cuda_device_refusal(int device);

// What is known of a device, in this order: its compute capability, major and minor; its memory, and what of it is free
// now, in bytes; and its multiprocessors.
#define PARAFLUX_CUDA_FACTS 5
PARAFLUX_API int paraflux_cuda_device_facts(int device, int64_t* facts);

// What calls for memory return where there is not enough: cudaErrorMemoryAllocation.
#define PARAFLUX_CUDA_OUT_OF_MEMORY 2

// What an error is, for a person. Static memory.
PARAFLUX_API const char* paraflux_cuda_words(int error);

// Memory of the device, at a multiple of 256 bytes, in which nothing in particular lies; 1 byte or more.
PARAFLUX_API int paraflux_cuda_allocate(int device, int64_t bytes, int64_t* address);

// Waits until nothing is under way on the device, and gives memory back. After a device was lost there is nothing left
// to give back, and the error says that it was.
PARAFLUX_API int paraflux_cuda_free(int device, int64_t address);

// Pinned memory of the host: the device copies to and from it while the host does other things. As above.
PARAFLUX_API int paraflux_cuda_allocate_host(int device, int64_t bytes, int64_t* address);
PARAFLUX_API int paraflux_cuda_free_host(int device, int64_t address);

// A stream that waits for no other.
PARAFLUX_API int paraflux_cuda_open_stream(int device, int64_t* stream);

// Waits for what is on it, and closes it.
PARAFLUX_API int paraflux_cuda_close_stream(int device, int64_t stream);

// Waits for all that is on the stream; what of it has failed is told here.
PARAFLUX_API int paraflux_cuda_wait(int device, int64_t stream);

// Has what the stream is given from now on wait for all that is on another stream, of this device or another one; the
// host does not wait. Neither stream is being captured.
PARAFLUX_API int paraflux_cuda_follow(int device, int64_t stream, int other_device, int64_t other_stream);

// Enqueues a copy between memory of the device and pinned memory or memory of another device, or within any of them.
// Two devices that are not connected copy by way of the host, which the driver sees to.
PARAFLUX_API int paraflux_cuda_copy(int device, int64_t to, int64_t from, int64_t bytes, int64_t stream);

// 1 if the machine lets two different devices read and write each other's memory, 0 if it does not or cannot be asked.
PARAFLUX_API int paraflux_cuda_can_connect(int device, int other);

// Has two devices read and write each other's memory from now on, where the machine lets them, and does nothing where
// it does not, or where they already do.
PARAFLUX_API int paraflux_cuda_connect(int device, int other);

// Enqueues so many bytes of one value, 0 to 255.
PARAFLUX_API int paraflux_cuda_fill(int device, int64_t to, int byte, int64_t bytes, int64_t stream);

// What this thread enqueues on the stream from now on is captured in a graph, and not done. Other threads go on as they
// were, but for waits for a whole device, as when memory is given back, and other captures: those wait until it has
// ended. A graph cannot hold a wait, for one: that fails, and so does ending the capture.
PARAFLUX_API int paraflux_cuda_begin_capture(int device, int64_t stream);

// Ends it in any case, and makes what was captured ready to be launched: a cudaGraphExec_t. It holds the addresses that
// it was captured with.
PARAFLUX_API int paraflux_cuda_end_capture(int device, int64_t stream, int64_t* graph);

// Enqueues all that a graph holds, as one.
PARAFLUX_API int paraflux_cuda_launch_graph(int device, int64_t graph, int64_t stream);

// Waits until nothing is under way on the device, and gives a graph back.
PARAFLUX_API int paraflux_cuda_free_graph(int device, int64_t graph);

// Waits for all that is on any stream of the device; what of it has failed is told here.
PARAFLUX_API int paraflux_cuda_wait_for_all(int device);

#ifdef __cplusplus
}
#endif
