// Windows whose rows name estimates, and what the kernel must make of these, bit by bit.
#pragma once

#include "test/windows.h"

// A window of random_window() with an estimate for each of its rows, and one for a row before it, of which every
// `apart` or so are nodes. Terms that do not begin a row name the estimates of rows before it, for the most part of the
// row just before. Some estimates know nothing before, some go to a row of their own, some are named by no row.
inline WindowCase random_estimates(WindowCase made, int64_t dim, int64_t apart, bool odd) {
  Window& window = made.window;
  const int64_t rows = window.rows();
  std::mt19937_64 random(static_cast<uint64_t>(rows * 7919 + dim * 13 + apart));
  std::uniform_real_distribution<double> coefficient(-2, 2), share(0, 1);
  const auto shift = [&] { return odd ? static_cast<int64_t>(random() % 8) : 0; };
  const auto random_row = [&] { return made.arena.add_random_row(dim, shift(), random); };
  for (int64_t g = 0; g <= rows && rows > 0; ++g) {
    Estimate estimate;
    estimate.x = g == 0 ? random_row() : window.x[static_cast<size_t>(g - 1)];
    estimate.before = random() % 8 == 0 ? kNoRow : random_row();
    estimate.after =
        estimate.before == kNoRow || random() % 4 == 0 ? made.arena.add_row(dim, shift()) : estimate.before;
    estimate.output = g == 0 || g == rows || static_cast<int64_t>(random()) % apart == 0 ? random_row() : kNoRow;
    estimate.of_state = random() % 8 == 0 ? 0 : coefficient(random);
    estimate.of_other = coefficient(random);
    estimate.share = random() % 8 == 0 ? 1 : share(random);
    window.estimates.push_back(estimate);
  }
  for (int64_t i = 0; i < rows; ++i) {
    for (int32_t k = 1; k < window.terms.counts[static_cast<size_t>(i)]; ++k) {
      const int64_t back = random() % 4 == 0 ? static_cast<int64_t>(random() % static_cast<uint64_t>(i + 1)) : 0;
      if (random() % 4 != 0) {
        window.terms.inputs[static_cast<size_t>(i * PARAFLUX_MAX_TERMS + k)] = estimate_place(i - back);
      }
    }
  }
  return made;
}

// Literally window_residual.h: stores H and the sums, and gives a window without estimates, for which the outputs of
// rows in between are rows.
inline WindowCase expected_estimates(const WindowCase& given, int64_t dim, Arena& arena, WindowSums& sums) {
  WindowCase made = given;
  Window& window = made.window;
  const size_t count = window.estimates.size();
  std::vector<std::vector<double>> increments(count);
  std::vector<int64_t> outputs;
  const auto value = [&](int64_t place, int64_t e) {
    return place == kNoRow ? 0.0 : static_cast<double>(given.arena.at(place + e));
  };
  for (size_t g = 0; g < count; ++g) {
    const Estimate& node = window.estimates[g];
    if (node.is_node()) {
      for (int64_t e = 0; e < dim; ++e) {
        const double told = node.of_state * value(node.x, e) + node.of_other * value(node.output, e);
        increments[g].push_back(told - value(node.before, e));
        arena.at(node.after + e) = static_cast<float>(told);
      }
      sums.increments[2 * g] = sum_of_tiles(dim, [&](int64_t e) {
        return increments[g][static_cast<size_t>(e)] * increments[g][static_cast<size_t>(e)];
      });
      sums.increments[2 * g + 1] = 0;
    }
  }
  for (size_t g = 0; g < count; ++g) {
    const Estimate& estimate = window.estimates[g];
    outputs.push_back(estimate.is_node() ? estimate.output : made.arena.add_row(dim));
    if (g == 0 || g == count - 1) {
      continue;
    }
    size_t before = g - 1, after = g + 1;
    while (!window.estimates[before].is_node()) {
      --before;
    }
    while (!window.estimates[after].is_node()) {
      ++after;
    }
    const auto brought = [&](int64_t e) {
      const size_t at = static_cast<size_t>(e);
      return (1 - estimate.share) * increments[before][at] + estimate.share * increments[after][at];
    };
    if (estimate.is_node()) {
      sums.increments[2 * g + 1] = sum_of_tiles(dim, [&](int64_t e) {
        const double error = increments[g][static_cast<size_t>(e)] - brought(e);
        return error * error;
      });
      continue;
    }
    for (int64_t e = 0; e < dim; ++e) {
      const double told = value(estimate.before, e) + brought(e);
      arena.at(estimate.after + e) = static_cast<float>(told);
      made.arena.at(outputs[g] + e) =
          static_cast<float>(estimate.of_state * value(estimate.x, e) + estimate.of_other * told);
    }
  }
  for (int64_t& input : window.terms.inputs) {
    input = is_estimate(input) ? outputs[static_cast<size_t>(estimate_at(input))] : input;
  }
  window.estimates.clear();
  return made;
}
