// A few numbers a row: nothing here is worth an instruction set.
#include "paraflux/anderson.h"

#include <assert.h>
#include <float.h>

#include "kernel/address.h"

namespace {

constexpr int kHistory = PARAFLUX_MAX_HISTORY;
constexpr int kColumns = kHistory - 1;

// Rounding errors of a sum of four inner products, in units of their magnitude; generous.
constexpr double kDoubt = 16 * DBL_EPSILON;

// The sums over the rows of the window so far, over columns 0 .. size - 1 (column c is c + 1 in the header).
struct System {
  double matrix[kColumns][kColumns] = {};
  double right[kColumns] = {};
  double magnitudes[kColumns] = {};  // of what a diagonal entry is the difference of

  void add(const double (*gram)[kHistory], int size) {
    for (int b = 0; b < size; ++b) {
      for (int c = 0; c < size; ++c) {
        matrix[b][c] += (gram[b][c] - gram[b + 1][c]) - (gram[b][c + 1] - gram[b + 1][c + 1]);
      }
      right[b] += gram[b][0] - gram[b + 1][0];
      magnitudes[b] += gram[b][b] + gram[b + 1][b + 1];
    }
  }

  bool is_finite(int size) const {
    double zero = 0;
    for (int b = 0; b < size; ++b) {
      for (int c = 0; c < size; ++c) {
        zero += 0 * matrix[b][c];
      }
      zero += 0 * right[b] + 0 * magnitudes[b];
    }
    return zero == 0;
  }

  // (matrix + ridge I)^-1 right by Cholesky's factorisation in the form L D L^T; false if a pivot is in doubt, whose
  // own rounding errors come on top of those of the pivots before it.
  bool solve(int size, double ridge, double* solution) const {
    double lower[kColumns][kColumns], pivots[kColumns], doubts[kColumns];
    for (int c = 0; c < size; ++c) {
      double pivot = matrix[c][c] + ridge;
      doubts[c] = kDoubt * magnitudes[c];
      for (int k = 0; k < c; ++k) {
        const double square = lower[c][k] * lower[c][k];
        pivot -= square * pivots[k];
        doubts[c] += square * doubts[k];
      }
      if (!(pivot > doubts[c])) {
        return false;
      }
      pivots[c] = pivot;
      for (int b = c + 1; b < size; ++b) {
        double entry = matrix[b][c];
        for (int k = 0; k < c; ++k) {
          entry -= lower[b][k] * lower[c][k] * pivots[k];
        }
        lower[b][c] = entry / pivot;
      }
    }
    for (int b = 0; b < size; ++b) {
      solution[b] = right[b];
      for (int k = 0; k < b; ++k) {
        solution[b] -= lower[b][k] * solution[k];
      }
    }
    for (int b = size - 1; b >= 0; --b) {
      solution[b] /= pivots[b];
      for (int k = b + 1; k < size; ++k) {
        solution[b] -= lower[k][b] * solution[k];
      }
    }
    return true;
  }
};

// One round later: every iterate is one older, and the newest comes in front.
void shift(double (*gram)[kHistory], int history, const double* dots) {
  for (int b = history - 1; b > 0; --b) {
    for (int c = history - 1; c > 0; --c) {
      gram[b][c] = gram[b - 1][c - 1];
    }
  }
  for (int c = 0; c < history; ++c) {
    gram[0][c] = gram[c][0] = dots[c];
  }
}

// Writes the row's weights, or leaves them plain.
int accelerate(const System& system, int size, double ridge, double* weights) {
  if (!system.is_finite(size)) {
    return PARAFLUX_OUTCOME_NONFINITE;
  }
  double gamma[kColumns];
  if (!system.solve(size, ridge, gamma)) {
    return PARAFLUX_OUTCOME_INDEFINITE;
  }
  for (int c = 0; c < size; ++c) {
    if (!__builtin_isfinite(gamma[c])) {
      return PARAFLUX_OUTCOME_NONFINITE;
    }
  }
  for (int c = 0; c < size; ++c) {  // G_t - sum of gamma_c (G_{t-c} - G_{t-c-1})
    weights[c] -= gamma[c];
    weights[c + 1] += gamma[c];
  }
  return PARAFLUX_OUTCOME_ACCELERATED;
}

// Of one window; its arrays begin with its first row.
void weigh(const ParafluxWindow& window, const int32_t* counts, const int32_t* plain, const double* dots,
           double* weights, int32_t* outcomes) {
  assert(window.rows >= 0 && window.history >= 1 && window.history <= kHistory && window.ridge >= 0);
  const int history = static_cast<int>(window.history);
  System system;
  for (int64_t i = 0; i < window.rows; ++i) {
    assert(counts[i] >= 1 && counts[i] <= (i == 0 ? history : counts[i - 1]));
    double(*gram)[kHistory] = paraflux::pointer<double[kHistory]>(window.grams) + i * kHistory;
    double* row_weights = weights + i * kHistory;
    const int size = counts[i] - 1;
    shift(gram, history, dots + i * kHistory);
    system.add(gram, size);
    for (int c = 0; c < kHistory; ++c) {
      row_weights[c] = c == 0 ? 1 : 0;
    }
    outcomes[i] =
        plain[i] != 0 || size == 0 ? PARAFLUX_OUTCOME_PLAIN : accelerate(system, size, window.ridge, row_weights);
  }
}

}  // namespace

extern "C" int paraflux_anderson_weights(const ParafluxWeights* call) {
  int64_t first = 0;
  for (int64_t w = 0; w < call->count; ++w) {
    if (call->windows[w].grams != 0) {
      weigh(call->windows[w], call->counts + first, call->plain + first, call->dots + first * kHistory,
            call->weights + first * kHistory, call->outcomes + first);
    }
    first += call->windows[w].rows;
  }
  return 0;
}
