// What a launch of window_residual.cu is told, and the walk of the host that tells it.
#pragma once

#include <string.h>

#include "kernel/address.h"
#include "kernel/window_order.h"

namespace paraflux {
namespace {

constexpr int64_t kSumsOfRow = 1 + PARAFLUX_MAX_HISTORY;

// Rows from whose R a thread goes on without looking it up.
constexpr int64_t kCarried = 2;

constexpr int32_t kNone = -1;

// What a row asks of rows before it. Parent and drop lie so many rows before it, 0 for none; slots are places of
// scratch, for rows that lie too far.
struct Links {
  double factor, drop_factor;
  int32_t parent, parent_slot;
  int32_t drop, drop_slot;
  int32_t unrolled_slot, first_order_slot;  // where its own R and r go, or kNone
};

// A row; its olds follow, as many addresses as the history has but for its own, then its terms.
struct TableRow {
  Links links;
  int64_t x, residual, map;
  int32_t terms;
  int32_t absent;  // a bit for each old that there is not; its address is then some row's
};
constexpr int64_t kRowWords = sizeof(TableRow) / sizeof(int64_t);
static_assert(sizeof(TableRow) % sizeof(int64_t) == 0, "a row is whole words");

PARAFLUX_HOST_DEVICE inline const int64_t* olds_of(const TableRow& row) {
  return reinterpret_cast<const int64_t*>(&row + 1);
}

// Of windows, the rows that one launch takes. A piece is what it has of one window.
template <int kMostRows, int kMostWords>
struct WindowTable {
  static constexpr int kRows = kMostRows;
  static constexpr int kWords = kMostWords;

  int64_t words[kWords];
  int64_t first;  // of all rows
  int64_t dim;
  int16_t start[kRows];      // of a row, in the words
  int16_t piece_end[kRows];  // of a piece, the row after its last one
  int8_t history[kRows];     // of a piece

  PARAFLUX_HOST_DEVICE const TableRow& row(int r) const { return *reinterpret_cast<const TableRow*>(words + start[r]); }
};

// Of a row, how many sums it has: what adding them up needs to know.
template <int kRows>
struct SumsTable {
  int64_t first;
  int8_t sums[kRows];
};

// How far up a window's rows ask for r and R of others; their slots in scratch are rings. Rows of a batch put theirs at
// the same time, r while others still read what rows before the batch have put.
struct Reach {
  int64_t drops = 0, parents = 0, batch = 0;

  Reach() = default;
  Reach(const ParafluxWindowRow* rows, int64_t count, int64_t rows_of_batch) : batch(rows_of_batch) {
    for (int64_t i = 0; i < count; ++i) {
      const int64_t drop = rows[i].drop < 0 ? 0 : i - rows[i].drop,
                    parent = rows[i].parent < 0 ? 0 : i - rows[i].parent;
      drops = drop > drops ? drop : drops;
      parents = parent > parents ? parent : parents;
    }
  }

  int64_t first_order_ring() const { return drops + 1 + batch; }
  int64_t unrolled_ring() const { return (parents > kCarried ? parents : kCarried) + batch; }
};

// Walks the rows of a call, launch by launch.
class WindowWalk {
 public:
  // A launch takes so many rows of a window at once, at most.
  WindowWalk(const ParafluxWindows& call, int64_t rows_of_batch) : call_(call), rows_of_batch_(rows_of_batch) {
    for (int64_t w = 0; w < call.count; ++w) {
      all_ += call.windows[w].rows;
      all_estimates_ += call.windows[w].estimates;
    }
  }

  int64_t all() const { return all_; }
  int64_t all_estimates() const { return all_estimates_; }

  // Says where the outputs of rows in between lie: so many bytes apart.
  void set_outputs(int64_t first, int64_t bytes_apart) {
    outputs_ = first;
    output_bytes_ = bytes_apart;
  }

  bool done() const { return at_ == all_; }

  // Fills a table with rows from where the last one stopped.
  template <typename Table>
  void fill(Table& table, SumsTable<Table::kRows>& sums) {
    rows = pieces = longest = 0;
    used = 0;
    most_sums = 0;
    table.first = sums.first = at_;
    table.dim = call_.dim;
    bool full = false;
    while (!full && window_ < call_.count) {
      const ParafluxWindow& window = call_.windows[window_];
      if (at_ == window_first_) {
        reach_ = Reach(call_.rows + window_first_, window.rows, rows_of_batch_);
      }
      const int32_t begin = rows;
      for (; at_ < window_first_ + window.rows; ++at_) {
        const int64_t olds = window.history > 0 ? window.history - 1 : 0;
        const int64_t size = kRowWords + olds + call_.rows[at_].right.terms * 2;
        full = rows == Table::kRows || used + size > Table::kWords;
        if (full) {
          break;
        }
        table.start[rows] = static_cast<int16_t>(used);
        write(table.words + used, window, olds);
        sums.sums[rows++] = static_cast<int8_t>(1 + window.history);
        used += size;
      }
      if (rows > begin) {
        keep_for_next_launch(table, begin, window);
        table.piece_end[pieces] = static_cast<int16_t>(rows);
        table.history[pieces++] = static_cast<int8_t>(window.history);
        most_sums = 1 + window.history > most_sums ? 1 + window.history : most_sums;
        longest = rows - begin > longest ? rows - begin : longest;
      }
      if (!full) {
        window_first_ += window.rows;
        estimates_first_ += window.estimates;
        ++window_;
      }
    }
  }

  // Puts what the table that was filled last holds into a smaller one; false if it does not fit.
  template <typename Table, typename Small>
  bool copy(const Table& from, const SumsTable<Table::kRows>& from_sums, Small& to,
            SumsTable<Small::kRows>& to_sums) const {
    if (rows > Small::kRows || used > Small::kWords) {
      return false;
    }
    memcpy(to.words, from.words, static_cast<size_t>(used) * sizeof(int64_t));
    memcpy(to.start, from.start, sizeof to.start);
    memcpy(to.piece_end, from.piece_end, sizeof to.piece_end);
    memcpy(to.history, from.history, sizeof to.history);
    memcpy(to_sums.sums, from_sums.sums, sizeof to_sums.sums);
    to.first = to_sums.first = from.first;
    to.dim = from.dim;
    return true;
  }

  // Of the table that was filled last.
  int32_t rows = 0, pieces = 0;
  int32_t longest = 0;  // of the pieces
  int64_t used = 0, most_sums = 0;

 private:
  // The slots of row i of the present window. No ring is longer than the window, so that two slots a row are enough.
  int32_t first_order_slot(int64_t i) const {
    return static_cast<int32_t>(window_first_ * 2 + i % reach_.first_order_ring());
  }
  int32_t unrolled_slot(const ParafluxWindow& window, int64_t i) const {
    const int64_t first = reach_.first_order_ring() < window.rows ? reach_.first_order_ring() : window.rows;
    return static_cast<int32_t>(window_first_ * 2 + first + i % reach_.unrolled_ring());
  }

  void write(int64_t* to, const ParafluxWindow& window, int64_t olds) const {
    const ParafluxWindowRow& from = call_.rows[at_];
    const int64_t i = at_ - window_first_;
    TableRow row;
    row.links.factor = from.factor;
    row.links.drop_factor = from.drop_factor;
    row.links.parent = from.parent < 0 ? 0 : static_cast<int32_t>(i - from.parent);
    row.links.parent_slot = from.parent < 0 ? kNone : unrolled_slot(window, from.parent);
    row.links.drop = from.drop < 0 ? 0 : static_cast<int32_t>(i - from.drop);
    row.links.drop_slot = from.drop < 0 ? kNone : first_order_slot(from.drop);
    row.links.unrolled_slot = reach_.parents > kCarried ? unrolled_slot(window, i) : kNone;
    row.links.first_order_slot = reach_.drops > 0 ? first_order_slot(i) : kNone;
    row.x = from.x;
    row.residual = from.residual;
    row.map = from.map;
    row.terms = static_cast<int32_t>(from.right.terms);
    row.absent = 0;
    for (int64_t c = 0; c < olds; ++c) {
      to[kRowWords + c] = from.olds[1 + c] == 0 ? from.x : from.olds[1 + c];
      row.absent |= from.olds[1 + c] == 0 ? 1 << c : 0;
    }
    memcpy(to, &row, sizeof row);
    for (int64_t k = 0; k < from.right.terms; ++k) {
      const ParafluxTerm term = {input(from.right.term[k].input), from.right.term[k].coefficient};
      memcpy(to + kRowWords + olds + 2 * k, &term, sizeof term);
    }
  }

  int64_t input(int64_t of_row) const {
    if (of_row >= 0) {
      return of_row;
    }
    const int64_t estimate = estimates_first_ - 1 - of_row, output = call_.estimates[estimate].output;
    return output != 0 ? output : outputs_ + estimate * output_bytes_;
  }

  // What a launch carries in the end, the next one finds in scratch.
  template <typename Table>
  void keep_for_next_launch(Table& table, int32_t begin, const ParafluxWindow& window) const {
    if (at_ == window_first_ + window.rows) {
      return;
    }
    const int32_t carried = rows - static_cast<int32_t>(kCarried);
    for (int32_t r = carried < begin ? begin : carried; r < rows; ++r) {
      TableRow row;
      memcpy(&row, table.words + table.start[r], sizeof row);
      row.links.unrolled_slot = unrolled_slot(window, at_ - (rows - r) - window_first_);
      memcpy(table.words + table.start[r], &row, sizeof row);
    }
  }

  const ParafluxWindows& call_;
  int64_t rows_of_batch_;
  Reach reach_;  // of the present window
  int64_t all_ = 0, all_estimates_ = 0, at_ = 0;
  int64_t window_ = 0, window_first_ = 0, estimates_first_ = 0;
  int64_t outputs_ = 0, output_bytes_ = 0;
};

}  // namespace
}  // namespace paraflux
