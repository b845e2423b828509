// Device and pinned memory, each allocation between two pages that nobody may touch.
#include <string.h>
#include <sys/mman.h>

#include <map>

#include "test/emulation/emulation.h"

namespace emulation {
namespace {

// Of cudaMalloc; it is also as far as the memory may end from the page behind it. What lies between is looked at when
// the memory is freed.
constexpr size_t kAlignment = 256, kPage = 4096;
constexpr int kFilling = 0xFF;  // NaNs

struct Allocation {
  char* map;
  size_t pages, bytes;
  Place place;
  int device;

  char* usable() const { return map + kPage; }
};

// By their addresses. Never destroyed: others may free memory as the process ends.
std::map<char*, Allocation>& allocations() {
  static std::map<char*, Allocation>& all = *new std::map<char*, Allocation>;
  return all;
}

int open_depth = 0;

// The allocation that a kernel asked for last, for it asks for the same rows again and again.
const char *asked_begin = nullptr, *asked_end = nullptr;

void protect_device(int protection) {
  for (const auto& entry : allocations()) {
    if (entry.second.place == Place::kDevice) {
      mprotect(entry.second.usable(), entry.second.pages, protection);
    }
  }
}

size_t taken_on(int device) {
  size_t bytes = 0;
  for (const auto& entry : allocations()) {
    if (entry.second.place == Place::kDevice && entry.second.device == device) {
      bytes += entry.second.bytes;
    }
  }
  return bytes;
}

cudaError_t allocate(void** to, size_t bytes, Place place) {
  *to = nullptr;
  if (is_lost()) {
    return fail(cudaErrorLaunchFailure);
  }
  if (bytes == 0) {
    return cudaSuccess;
  }
  const size_t room = (bytes + kAlignment - 1) / kAlignment * kAlignment, pages = (room + kPage - 1) / kPage * kPage;
  const int device = chosen_device();
  const bool fits = place == Place::kPinned || bytes + taken_on(device) <= device_bytes();
  void* map =
      !fits ? MAP_FAILED : mmap(nullptr, pages + 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    return fail(cudaErrorMemoryAllocation);
  }
  const Allocation made = {static_cast<char*>(map), pages, bytes, place, device};
  mprotect(map, kPage, PROT_NONE);
  mprotect(made.usable() + pages, kPage, PROT_NONE);
  memset(made.usable(), kFilling, pages);
  char* memory = made.usable() + pages - room;
  if (place == Place::kDevice && open_depth == 0) {
    mprotect(made.usable(), pages, PROT_NONE);
  }
  allocations()[memory] = made;
  *to = memory;
  return cudaSuccess;
}

void must_be_filling(const char* from, const char* end, const char* where) {
  for (; from < end; ++from) {
    if (*from != static_cast<char>(kFilling)) {
      die("memory %s an allocation has been written to", where);
    }
  }
}

cudaError_t release(void* memory, Place place) {
  if (memory == nullptr) {
    return cudaSuccess;
  }
  const bool lost = is_lost();
  const auto found = allocations().find(static_cast<char*>(memory));
  if (found == allocations().end() || found->second.place != place) {
    return fail(cudaErrorInvalidValue);
  }
  // What other devices still do with it nobody waits for.
  finish_device(found->second.device);
  const Allocation freed = found->second;
  {
    const Open open;
    must_be_filling(freed.usable(), found->first, "before");
    must_be_filling(found->first + freed.bytes, freed.usable() + freed.pages, "behind");
  }
  asked_begin = asked_end = nullptr;
  munmap(freed.map, freed.pages + 2 * kPage);
  allocations().erase(found);
  return lost ? fail(cudaErrorLaunchFailure) : cudaSuccess;
}

const Allocation* allocation_of(const void* memory, size_t bytes) {
  char* place = const_cast<char*>(static_cast<const char*>(memory));
  auto after = allocations().upper_bound(place);
  if (after == allocations().begin()) {
    return nullptr;
  }
  --after;
  return place + bytes <= after->first + after->second.bytes ? &after->second : nullptr;
}

}  // namespace

Open::Open() {
  if (open_depth++ == 0) {
    protect_device(PROT_READ | PROT_WRITE);
  }
}

Open::~Open() {
  if (--open_depth == 0) {
    protect_device(PROT_NONE);
  }
}

Place place_of(const void* memory, size_t bytes) {
  const Allocation* found = allocation_of(memory, bytes);
  return found == nullptr ? Place::kHost : found->place;
}

void must_be_for_device_at_launch(const void* address) {
  EMULATION_LOCK;
  if (address != nullptr && place_of(address, 1) == Place::kHost) {
    die("a kernel was given the address %p, which is not the device's", address);
  }
}

void must_be_for_device(const void* address) {
  const char* asked = static_cast<const char*>(address);
  // Nobody can use an address of the first page; kernels may form one that they do not use.
  const bool unusable = reinterpret_cast<uintptr_t>(address) < kPage;
  if (!in_kernel() || unusable || (asked >= asked_begin && asked < asked_end)) {
    return;
  }
  const Allocation* found = allocation_of(address, 1);
  if (found == nullptr) {
    die("a kernel uses the address %p, which is not the device's", address);
  }
  if (found->place == Place::kDevice && found->device != working_device()) {
    die("a kernel on device %d uses memory of device %d", working_device(), found->device);
  }
  asked_begin = found->usable();
  asked_end = found->usable() + found->pages;
}

void forget_what_was_asked() { asked_begin = asked_end = nullptr; }

}  // namespace emulation

using emulation::Place;

cudaError_t cudaMalloc(void** to, size_t bytes) {
  EMULATION_LOCK;
  return emulation::allocate(to, bytes, Place::kDevice);
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* memory) {
  EMULATION_LOCK;
  const emulation::Allocation* found = emulation::allocation_of(memory, 1);
  *attributes = found == nullptr                 ? cudaPointerAttributes{cudaMemoryTypeUnregistered, -2}
                : found->place == Place::kPinned ? cudaPointerAttributes{cudaMemoryTypeHost, found->device}
                                                 : cudaPointerAttributes{cudaMemoryTypeDevice, found->device};
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* bytes) {
  EMULATION_LOCK;
  const size_t taken = emulation::taken_on(emulation::chosen_device());
  *bytes = emulation::device_bytes();
  *free_bytes = taken < *bytes ? *bytes - taken : 0;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  EMULATION_LOCK;
  return emulation::release(memory, Place::kDevice);
}

cudaError_t cudaHostAlloc(void** to, size_t bytes, unsigned) {
  EMULATION_LOCK;
  return emulation::allocate(to, bytes, Place::kPinned);
}

cudaError_t cudaFreeHost(void* memory) {
  EMULATION_LOCK;
  return emulation::release(memory, Place::kPinned);
}
