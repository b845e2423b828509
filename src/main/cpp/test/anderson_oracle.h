// Equation (4) by a solver that never heard of inner products: long double Gaussian elimination on explicit differences
// of explicit iterates; and a window of rows that tells the kernel of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "paraflux/anderson.h"

namespace {

constexpr size_t kHistory = PARAFLUX_MAX_HISTORY;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t e = 0; e < a.size(); ++e) {
    sum += a[e] * b[e];
  }
  return sum;
}

// A window whose rows enter one after the other, and what the kernel is told of it in each round.
struct Rows {
  size_t dim, history;
  std::vector<std::vector<Vector>> residuals, maps;  // [row][age]
  std::vector<int32_t> counts, plain;
  std::vector<double> dots, grams, weights;
  std::vector<int32_t> outcomes;

  Rows(size_t rows, size_t row_dim, size_t kept)
      : dim(row_dim),
        history(kept),
        residuals(rows),
        maps(rows),
        counts(rows, 0),
        plain(rows, 0),
        dots(rows * kHistory, kNan),
        grams(rows * kHistory * kHistory, kNan),
        weights(rows * kHistory, kNan),
        outcomes(rows, -1) {}

  size_t rows() const { return residuals.size(); }

  // A new iterate for row i; later rows may enter later.
  void add(size_t i, const Vector& residual, const Vector& map) {
    residuals[i].insert(residuals[i].begin(), residual);
    maps[i].insert(maps[i].begin(), map);
    residuals[i].resize(std::min(residuals[i].size(), history));
    maps[i].resize(std::min(maps[i].size(), history));
    counts[i] = static_cast<int32_t>(residuals[i].size());
    for (size_t c = 0; c < residuals[i].size(); ++c) {
      dots[i * kHistory + c] = dot(residuals[i][0], residuals[i][c]);
    }
  }

  // The rows that have entered: the first `entered`.
  void solve(size_t entered, double ridge) {
    const ParafluxWindow window = {static_cast<int64_t>(entered), static_cast<int64_t>(history), ridge,
                                   static_cast<int64_t>(reinterpret_cast<uintptr_t>(grams.data())), 0};
    const ParafluxWeights call = {1,           &window,        counts.data(),  plain.data(),
                                  dots.data(), weights.data(), outcomes.data()};
    paraflux_anderson_weights(&call);
  }

  Vector next(size_t i) const {
    Vector x(dim, 0);
    for (size_t c = 0; c < static_cast<size_t>(counts[i]); ++c) {
      for (size_t e = 0; e < dim; ++e) {
        x[e] += weights[i * kHistory + c] * maps[i][c][e];
      }
    }
    return x;
  }

  bool is_plain(size_t i) const {
    for (size_t c = 0; c < kHistory; ++c) {
      if (weights[i * kHistory + c] != (c == 0 ? 1 : 0)) {
        return false;
      }
    }
    return true;
  }
};

Vector random_vector(size_t dim, double scale, std::mt19937_64& random) {
  std::uniform_real_distribution<double> value(-scale, scale);
  Vector made;
  while (made.size() < dim) {
    made.push_back(value(random));
  }
  return made;
}

// Gaussian elimination with pivots.
std::vector<long double> solved(std::vector<std::vector<long double>> matrix, std::vector<long double> right) {
  const size_t size = right.size();
  for (size_t c = 0; c < size; ++c) {
    size_t pivot = c;
    for (size_t b = c + 1; b < size; ++b) {
      pivot = std::fabs(matrix[b][c]) > std::fabs(matrix[pivot][c]) ? b : pivot;
    }
    std::swap(matrix[c], matrix[pivot]);
    std::swap(right[c], right[pivot]);
    for (size_t b = c + 1; b < size; ++b) {
      const long double factor = matrix[b][c] / matrix[c][c];
      for (size_t k = c; k < size; ++k) {
        matrix[b][k] -= factor * matrix[c][k];
      }
      right[b] -= factor * right[c];
    }
  }
  for (size_t c = size; c-- > 0;) {
    for (size_t k = c + 1; k < size; ++k) {
      right[c] -= matrix[c][k] * right[k];
    }
    right[c] /= matrix[c][c];
  }
  return right;
}

// Literally equation (4) for row i.
std::vector<long double> expected_next(const Rows& given, size_t i, double ridge) {
  const size_t columns = static_cast<size_t>(given.counts[i]) - 1;
  std::vector<std::vector<long double>> matrix(columns, std::vector<long double>(columns, 0));
  std::vector<long double> right(columns, 0);
  const auto difference = [&](const std::vector<Vector>& iterates, size_t c, size_t e) {
    return static_cast<long double>(iterates[c][e]) - static_cast<long double>(iterates[c + 1][e]);
  };
  for (size_t b = 0; b < columns; ++b) {
    matrix[b][b] = static_cast<long double>(ridge);
    for (size_t j = 0; j <= i; ++j) {
      for (size_t e = 0; e < given.dim; ++e) {
        const long double mine = difference(given.residuals[j], b, e);
        right[b] += mine * static_cast<long double>(given.residuals[j][0][e]);
        for (size_t c = 0; c < columns; ++c) {
          matrix[b][c] += mine * difference(given.residuals[j], c, e);
        }
      }
    }
  }
  const std::vector<long double> gamma = solved(matrix, right);
  std::vector<long double> next(given.maps[i][0].begin(), given.maps[i][0].end());
  for (size_t c = 0; c < columns; ++c) {
    for (size_t e = 0; e < given.dim; ++e) {
      next[e] -= gamma[c] * difference(given.maps[i], c, e);
    }
  }
  return next;
}

bool near(const Vector& x, const std::vector<long double>& expected) {
  for (size_t e = 0; e < x.size(); ++e) {
    if (!(std::fabs(static_cast<long double>(x[e]) - expected[e]) <= 1e-9L * (1 + std::fabs(expected[e])))) {
      return false;
    }
  }
  return true;
}

// All rows for so many rounds, residuals shrinking as they do in a solve.
Rows after_rounds(size_t rows, size_t dim, size_t history, size_t rounds, double ridge) {
  std::mt19937_64 random(rows * 1009 + dim * 31 + history);
  Rows made(rows, dim, history);
  for (size_t round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < rows; ++i) {
      made.add(i, random_vector(dim, std::pow(0.7, static_cast<double>(round)), random), random_vector(dim, 1, random));
    }
    made.solve(rows, ridge);
  }
  return made;
}

}  // namespace
