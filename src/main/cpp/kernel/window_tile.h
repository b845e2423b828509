// Tiles of a window's rows on the CPU, by addresses, and what stands in for one that the rows' end cuts short.
#pragma once

#include <string.h>

#include "kernel/address.h"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

// One tile of one row, by the addresses of its first elements. Entries that the row does not use are some row's, so
// that prefetching them does no harm.
struct Tile {
  int64_t inputs[PARAFLUX_MAX_TERMS];
  int64_t x;
  int64_t olds[PARAFLUX_MAX_HISTORY];  // those there are, of column
  int columns[PARAFLUX_MAX_HISTORY];
  int old_count;
  int64_t residual;
  int64_t map;
  int steps;  // of all lanes, that the row has there
};

constexpr int steps_of(int64_t elements) { return static_cast<int>(parts_of(elements, kWindowLanes)); }

// A window's row at the tile that begins with an element. `sink` takes a map that nobody wants; `estimates` know where
// inputs lie.
template <typename Estimates>
Tile tile_of(const ParafluxWindowRow& row, int64_t history, int64_t begin, int64_t sink, const Estimates& estimates) {
  const int64_t bytes = begin * static_cast<int64_t>(sizeof(float));
  Tile result;
  result.steps = steps_of(kWindowTile);
  result.x = row.x + bytes;
  for (int k = 0; k < PARAFLUX_MAX_TERMS; ++k) {
    result.inputs[k] = k < row.right.terms ? estimates.input(row.right.term[k].input, bytes) : result.x;
  }
  result.old_count = 0;
  for (int c = 0; c < PARAFLUX_MAX_HISTORY; ++c) {
    result.olds[c] = result.x;
  }
  for (int c = 1; c < history; ++c) {
    if (row.olds[c] != 0) {
      result.olds[result.old_count] = row.olds[c] + bytes;
      result.columns[result.old_count++] = c;
    }
  }
  result.residual = row.residual + bytes;
  result.map = row.map == 0 ? sink : row.map + bytes;
  return result;
}

// Stands in for a tile that the row's end cuts short: what is missing of the last step is zero and adds nothing to a
// sum.
struct PaddedTile {
  float inputs[PARAFLUX_MAX_TERMS][kWindowTile] = {};
  float x[kWindowTile] = {};
  float olds[PARAFLUX_MAX_HISTORY][kWindowTile] = {};
  float residual[kWindowTile];
  float map[kWindowTile];

  static int64_t copied(float* to, int64_t from, size_t bytes) {
    memcpy(to, pointer<const float>(from), bytes);
    return address(to);
  }

  Tile filled(const Tile& tile, int terms, size_t bytes) {
    Tile padded = tile;
    padded.steps = steps_of(static_cast<int64_t>(bytes / sizeof(float)));
    for (int k = 0; k < terms; ++k) {
      padded.inputs[k] = copied(inputs[k], tile.inputs[k], bytes);
    }
    for (int k = 0; k < tile.old_count; ++k) {
      padded.olds[k] = copied(olds[k], tile.olds[k], bytes);
    }
    padded.x = copied(x, tile.x, bytes);
    padded.residual = address(residual);
    padded.map = address(map);
    return padded;
  }

  void empty_into(const Tile& tile, size_t bytes) const {
    memcpy(pointer<float>(tile.residual), residual, bytes);
    memcpy(pointer<float>(tile.map), map, bytes);
  }
};

}  // namespace
}  // namespace paraflux
