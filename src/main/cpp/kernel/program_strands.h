// Which rows of a program ask of each other, for a device that has room for all at once. Free of CUDA, so that it is
// tested without a device.
#pragma once

#include <string.h>

#include "kernel/program_rows.h"

namespace paraflux {
namespace {

// Rows of a program, as many as one launch takes, sorted into strands: no row touches what a row of another strand
// stores, and a strand's rows keep their order.
template <int kMostRows, int kMostWords>
struct StrandTable {
  static constexpr int kRows = kMostRows;
  static constexpr int kWords = kMostWords;

  int64_t words[kWords];      // the rows
  int64_t index[kRows];       // of a row, in the program
  int16_t start[kRows];       // of a row, in the words
  int16_t strand_end[kRows];  // of a strand, the row after its last one
  int strands;
  bool any_sum;

  PARAFLUX_HOST_DEVICE const ParafluxRow& row(int r) const {
    return *reinterpret_cast<const ParafluxRow*>(words + start[r]);
  }

  // Takes rows from `next` on, which is moved behind the last one taken; returns how many.
  int fill(const ParafluxRow*& next, int64_t first, int64_t rows);

  // The words in use, given the number of rows.
  int64_t used(int rows) const { return reinterpret_cast<const int64_t*>(next_row(&row(rows - 1))) - words; }

  // Puts what it holds, so many rows, into a smaller table; false if they do not fit.
  template <typename Small>
  bool copy(int rows, Small& to) const {
    if (rows > Small::kRows || used(rows) > Small::kWords) {
      return false;
    }
    memcpy(to.words, words, static_cast<size_t>(used(rows)) * sizeof(int64_t));
    memcpy(to.index, index, sizeof to.index);
    memcpy(to.start, start, sizeof to.start);
    memcpy(to.strand_end, strand_end, sizeof to.strand_end);
    to.strands = strands;
    to.any_sum = any_sum;
    return true;
  }
};

// As the parameters of a launch take (cuda_launch.cuh); and one that most rounds fit, which is launched faster.
#if defined(CUDART_VERSION) && CUDART_VERSION < 12010
using ProgramTable = StrandTable<40, 420>;
#else
using ProgramTable = StrandTable<160, 1750>;
#endif
using SmallProgramTable = StrandTable<8, 160>;

// Sets of rows, joined where they touch what one of them stores.
class Strands {
 public:
  Strands(const ParafluxRow* const* rows, int count) {
    memset(keys_, 0, sizeof keys_);
    for (int r = 0; r < count; ++r) {
      parents_[r] = static_cast<int16_t>(r);
    }
    for (int r = 0; r < count; ++r) {
      if (asks(*rows[r], PARAFLUX_ROW_STORE)) {
        const int slot = slot_of(rows[r]->out);
        if (keys_[slot] == 0) {
          keys_[slot] = rows[r]->out;
          owners_[slot] = static_cast<int16_t>(r);
        }
        join(owners_[slot], r);
      }
    }
    for (int r = 0; r < count; ++r) {
      const ParafluxRow& row = *rows[r];
      for (int k = 0; k < terms_of(row); ++k) {
        join_storer(first_term(row)[k].input, r);
      }
      if (asks(row, PARAFLUX_ROW_COMPARE)) {
        join_storer(row.before, r);
      }
      if (asks(row, PARAFLUX_ROW_BLEND)) {
        join_storer(row.mask, r);
        join_storer(row.known, r);
      }
    }
  }

  // The first row of the strand that a row is in.
  int of(int row) const {
    while (parents_[row] != row) {
      row = parents_[row];
    }
    return row;
  }

 private:
  static constexpr int kSlots = 512;
  static_assert(kSlots > 2 * ProgramTable::kRows, "a look-up ends soon");

  // Where an address is, or would be.
  int slot_of(int64_t address) const {
    const uint64_t mixed = static_cast<uint64_t>(address) * 0x9E3779B97F4A7C15ULL;
    int slot = static_cast<int>(mixed >> 32) & (kSlots - 1);
    while (keys_[slot] != 0 && keys_[slot] != address) {
      slot = (slot + 1) & (kSlots - 1);
    }
    return slot;
  }

  void join_storer(int64_t address, int row) {
    const int slot = slot_of(address);
    if (keys_[slot] != 0) {
      join(owners_[slot], row);
    }
  }

  void join(int a, int b) {
    const int first = of(a), second = of(b);
    const int low = first < second ? first : second, high = first < second ? second : first;
    parents_[high] = static_cast<int16_t>(low);
    parents_[b] = static_cast<int16_t>(low);  // no long way the next time
  }

  int64_t keys_[kSlots];
  int16_t owners_[kSlots];
  int16_t parents_[ProgramTable::kRows];  // a row of the same strand before it, or itself
};

template <int kMostRows, int kMostWords>
int StrandTable<kMostRows, kMostWords>::fill(const ParafluxRow*& next, int64_t first, int64_t rows) {
  static_assert(kMostRows <= ProgramTable::kRows, "strands are told apart for so many");
  const ParafluxRow* taken[kRows];
  int count = 0;
  int64_t used = 0;
  any_sum = false;
  for (; count < rows && count < kRows; ++count) {
    const int64_t size = reinterpret_cast<const int64_t*>(next_row(next)) - reinterpret_cast<const int64_t*>(next);
    if (used + size > kWords) {
      break;
    }
    used += size;
    any_sum = any_sum || has_sum(*next);
    taken[count] = next;
    next = next_row(next);
  }
  const Strands all(taken, count);
  // Rows by strands, strands by their first rows: each row's strand is told before the rows after it are placed.
  int16_t next_of_strand[kRows], last_of_strand[kRows];
  for (int r = 0; r < count; ++r) {
    const int strand = all.of(r);
    next_of_strand[r] = -1;
    if (strand != r) {
      next_of_strand[last_of_strand[strand]] = static_cast<int16_t>(r);
    }
    last_of_strand[strand] = static_cast<int16_t>(r);
  }
  int placed = 0;
  int64_t at = 0;
  strands = 0;
  for (int strand = 0; strand < count; ++strand) {
    if (all.of(strand) != strand) {
      continue;
    }
    for (int r = strand; r >= 0; r = next_of_strand[r]) {
      const int64_t size = PARAFLUX_ROW_WORDS + terms_of(*taken[r]) * PARAFLUX_TERM_WORDS;
      memcpy(words + at, taken[r], static_cast<size_t>(size) * sizeof(int64_t));
      start[placed] = static_cast<int16_t>(at);
      index[placed++] = first + r;
      at += size;
    }
    strand_end[strands++] = static_cast<int16_t>(placed);
  }
  return count;
}

}  // namespace
}  // namespace paraflux
