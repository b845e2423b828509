// Which rows of a program ask of each other, for a device that has room for all at once. Free of CUDA, so that it is
// tested without a device.
#pragma once

#include <string.h>

#include "kernel/program_rows.h"

namespace paraflux {
namespace {

// A row as a device reads it: what follows it is there only if the kind asks for it; then come the terms.
struct StrandRow {
  int64_t kind;
  int64_t out;
};

// What else a row says, for one that compares, blends or clamps.
struct RowFinish {
  int64_t before;
  double seen_low, seen_high;
  int64_t mask, known;
  double low, high, divisor;
};
static_assert(sizeof(StrandRow) + sizeof(RowFinish) == sizeof(ParafluxRow), "together, all that a row says");
constexpr int64_t kFinishes = PARAFLUX_ROW_COMPARE | PARAFLUX_ROW_BLEND | PARAFLUX_ROW_CLAMP;
constexpr int64_t kShortWords = sizeof(StrandRow) / sizeof(int64_t);

PARAFLUX_HOST_DEVICE inline const RowFinish& finish_of(const StrandRow& row) {
  return *reinterpret_cast<const RowFinish*>(&row + 1);
}

// Given whether the row is plain, and nothing but its terms follows.
PARAFLUX_HOST_DEVICE inline const ParafluxTerm* first_term(const StrandRow& row, bool plain) {
  return plain ? reinterpret_cast<const ParafluxTerm*>(&row + 1)
               : reinterpret_cast<const ParafluxTerm*>(&finish_of(row) + 1);
}

PARAFLUX_HOST_DEVICE inline const ParafluxTerm* first_term(const StrandRow& row) {
  return first_term(row, !asks(row, kFinishes));
}

// Words of a row in a table.
inline int64_t strand_words(const ParafluxRow& row) {
  return (asks(row, kFinishes) ? PARAFLUX_ROW_WORDS : kShortWords) + terms_of(row) * PARAFLUX_TERM_WORDS;
}

// Rows of a program, as many as one launch takes, sorted into strands: no row touches what a row of another strand
// stores, and a strand's rows keep their order.
template <int kMostRows, int kMostWords>
struct StrandTable {
  static constexpr int kRows = kMostRows;
  static constexpr int kWords = kMostWords;

  int64_t words[kWords];      // the rows
  int32_t index[kRows];       // of a row, in the program
  int16_t start[kRows];       // of a row, in the words
  int16_t strand_end[kRows];  // of a strand, the row after its last one
  int strands;
  int used;  // words
  bool any_sum;

  PARAFLUX_HOST_DEVICE const StrandRow& row(int r) const {
    return *reinterpret_cast<const StrandRow*>(words + start[r]);
  }

  // Takes rows from `next` on, which is moved behind the last one taken; returns how many.
  int fill(const ParafluxRow*& next, int64_t first, int64_t rows);

  // Puts what it holds, so many rows, into a smaller table; false if they do not fit.
  template <typename Small>
  bool copy(int rows, Small& to) const {
    if (rows > Small::kRows || used > Small::kWords) {
      return false;
    }
    memcpy(to.words, words, static_cast<size_t>(used) * sizeof(int64_t));
    memcpy(to.index, index, sizeof to.index);
    memcpy(to.start, start, sizeof to.start);
    memcpy(to.strand_end, strand_end, sizeof to.strand_end);
    to.strands = strands;
    to.used = used;
    to.any_sum = any_sum;
    return true;
  }

 private:
  // Puts a row behind those there are, `at` being how many.
  void put(const ParafluxRow& row, int at, int64_t in_program) {
    const int kept = asks(row, kFinishes) ? PARAFLUX_ROW_WORDS : static_cast<int>(kShortWords);
    int64_t* to = words + used;
    memcpy(to, &row, sizeof(StrandRow));
    if (kept > kShortWords) {
      memcpy(to, &row, sizeof row);
    }
    for (int k = 0; k < terms_of(row); ++k) {
      memcpy(to + kept + k * PARAFLUX_TERM_WORDS, first_term(row) + k, sizeof(ParafluxTerm));
    }
    start[at] = static_cast<int16_t>(used);
    index[at] = static_cast<int32_t>(in_program);
    used += kept + terms_of(row) * PARAFLUX_TERM_WORDS;
  }
};

// As the parameters of a launch take (cuda_launch.cuh); and two that most rounds fit, which are launched faster.
#if defined(CUDART_VERSION) && CUDART_VERSION < 12010
using ProgramTable = StrandTable<48, 420>;
using UsualProgramTable = ProgramTable;
#else
using ProgramTable = StrandTable<400, 3600>;
using UsualProgramTable = StrandTable<128, 900>;
#endif
using SmallProgramTable = StrandTable<8, 100>;

// Whether rows can be seen at a glance to be strands of their own, as those of most rounds are: what is read lies
// outside of all that is stored, and places rise, but for one step back behind the first.
inline bool are_apart(const ParafluxRow* const* rows, int count) {
  int64_t low = INT64_MAX, high = 0, first = 0, last = 0;
  int falls = 0;
  for (int r = 0; r < count; ++r) {
    if (asks(*rows[r], PARAFLUX_ROW_STORE)) {
      const int64_t out = rows[r]->out;
      first = first == 0 ? out : first;
      falls += out <= last ? 1 : 0;
      last = out;
      low = out < low ? out : low;
      high = out > high ? out : high;
    }
  }
  if (falls > 1 || (falls == 1 && last >= first)) {
    return false;
  }
  bool inside = false;
  const auto look = [&](int64_t address) { inside |= address >= low && address <= high; };
  for (int r = 0; r < count; ++r) {
    const ParafluxRow& row = *rows[r];
    for (int k = 0; k < terms_of(row); ++k) {
      look(first_term(row)[k].input);
    }
    if (asks(row, PARAFLUX_ROW_COMPARE)) {
      look(row.before);
    }
    if (asks(row, PARAFLUX_ROW_BLEND)) {
      look(row.mask);
      look(row.known);
    }
  }
  return !inside;
}

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
  static constexpr int kSlots = 1024;
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
  int64_t needed = 0;
  any_sum = false;
  for (; count < rows && count < kRows; ++count) {
    needed += strand_words(*next);
    if (needed > kWords) {
      break;
    }
    any_sum = any_sum || has_sum(*next);
    taken[count] = next;
    next = next_row(next);
  }
  used = 0;
  if (are_apart(taken, count)) {
    for (int r = 0; r < count; ++r) {
      put(*taken[r], r, first + r);
      strand_end[r] = static_cast<int16_t>(r + 1);
    }
    strands = count;
    return count;
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
  strands = 0;
  for (int strand = 0; strand < count; ++strand) {
    if (all.of(strand) != strand) {
      continue;
    }
    for (int r = strand; r >= 0; r = next_of_strand[r]) {
      put(*taken[r], placed++, first + r);
    }
    strand_end[strands++] = static_cast<int16_t>(placed);
  }
  return count;
}

}  // namespace
}  // namespace paraflux
