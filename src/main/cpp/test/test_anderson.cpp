// Anderson's weights against a plain solver (anderson_oracle.h).
#include "test/anderson_oracle.h"
#include "test/check.h"

TEST("a row's next value is equation (4), in every round, for every history, also while rows enter") {
  for (size_t history = 1; history <= kHistory; ++history) {
    for (const double ridge : {0.0, 1e-3, 10.0}) {
      for (const size_t a_round : {0, 1, 2}) {  // rows that enter in each
        std::mt19937_64 random(history * 3 + a_round);
        constexpr size_t kRows = 9;
        Rows given(kRows, 40, history);
        size_t entered = a_round == 0 ? kRows : 1;
        for (int round = 0; round < 14; ++round) {
          for (size_t i = 0; i < entered; ++i) {
            given.add(i, random_vector(40, std::pow(0.8, round), random), random_vector(40, 1, random));
            given.plain[i] = random() % 8 == 0 ? 1 : 0;
          }
          given.solve(entered, ridge);
          for (size_t i = 0; i < entered; ++i) {
            const bool accelerated = given.plain[i] == 0 && given.counts[i] > 1;
            CHECK(given.outcomes[i] == (accelerated ? PARAFLUX_OUTCOME_ACCELERATED : PARAFLUX_OUTCOME_PLAIN),
                  "history %zu, ridge %g, round %d, row %zu: %d", history, ridge, round, i, given.outcomes[i]);
            CHECK(accelerated ? near(given.next(i), expected_next(given, i, ridge)) : given.is_plain(i),
                  "history %zu, ridge %g, round %d, row %zu", history, ridge, round, i);
          }
          entered = std::min(kRows, entered + a_round);
        }
      }
    }
  }
}

TEST("a row's weights add up to one, and those past its count are zero") {
  for (size_t history = 1; history <= kHistory; ++history) {
    const Rows given = after_rounds(5, 30, history, history + 1, 1e-3);
    for (size_t i = 0; i < given.rows(); ++i) {
      double sum = 0;
      for (size_t c = 0; c < kHistory; ++c) {
        sum += given.weights[i * kHistory + c];
        CHECK(c < history || given.weights[i * kHistory + c] == 0, "history %zu, weight %zu", history, c);
      }
      CHECK(std::fabs(sum - 1) < 1e-13, "history %zu, row %zu", history, i);
    }
  }
}

TEST("with a history of one every row is plain") {
  const Rows given = after_rounds(6, 10, 1, 4, 1e-3);
  for (size_t i = 0; i < given.rows(); ++i) {
    CHECK(given.outcomes[i] == PARAFLUX_OUTCOME_PLAIN && given.is_plain(i), "row %zu", i);
  }
}

TEST("an affine map of as many dimensions as differences is solved at once") {
  // F(x) = A x + b, residual F(x) - x: four iterates span three dimensions, so the fifth is the fixed point.
  const double a[3][3] = {{0.5, 0.2, 0}, {-0.1, 0.3, 0.4}, {0.2, 0, -0.6}};
  const double fixed[3] = {1, -2, 3};
  std::mt19937_64 random(5);
  Rows given(1, 3, 4);
  for (int round = 0; round < 4; ++round) {
    const Vector x = random_vector(3, 1, random);
    Vector map(fixed, fixed + 3), residual;
    for (size_t e = 0; e < 3; ++e) {
      for (size_t k = 0; k < 3; ++k) {
        map[e] += a[e][k] * (x[k] - fixed[k]);
      }
      residual.push_back(map[e] - x[e]);
    }
    given.add(0, residual, map);
    given.solve(1, 0);
  }
  CHECK(given.outcomes[0] == PARAFLUX_OUTCOME_ACCELERATED, "%d", given.outcomes[0]);
  const Vector next = given.next(0);
  CHECK(near(next, {1, -2, 3}), "%.12f %.12f %.12f", next[0], next[1], next[2]);
}

TEST("a history that tells nothing new is indefinite without a ridge and plain then") {
  std::mt19937_64 random(3);
  for (const double scale : {1e-6, 1.0, 1e6}) {
    for (const size_t dim : {2, 50}) {
      Rows given(4, dim, 4), ridged(4, dim, 4);
      std::vector<Vector> first, second;
      for (size_t i = 0; i < 4; ++i) {
        first.push_back(random_vector(dim, scale, random));
        second.push_back(random_vector(dim, scale, random));
      }
      for (int round = 0; round < 4; ++round) {  // differences of one direction, or none
        for (size_t i = 0; i < 4; ++i) {
          given.add(i, round % 2 == 0 ? first[i] : second[i], first[i]);
          ridged.add(i, round % 2 == 0 ? first[i] : second[i], first[i]);
        }
        given.solve(4, 0);
        ridged.solve(4, scale * scale);
      }
      for (size_t i = 0; i < 4; ++i) {
        CHECK(given.outcomes[i] == PARAFLUX_OUTCOME_INDEFINITE && given.is_plain(i), "scale %g, row %zu: %d", scale, i,
              given.outcomes[i]);
        CHECK(ridged.outcomes[i] == PARAFLUX_OUTCOME_ACCELERATED, "scale %g, row %zu: %d", scale, i,
              ridged.outcomes[i]);
        CHECK(near(ridged.next(i), expected_next(ridged, i, scale * scale)), "scale %g, row %zu", scale, i);
      }
    }
  }
}

TEST("more differences than dimensions are indefinite, whichever way the last pivot is rounded") {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    Rows given(1, 3, 5);
    for (int round = 0; round < 5; ++round) {
      given.add(0, random_vector(3, 1, random), random_vector(3, 1, random));
      given.solve(1, 0);
    }
    CHECK(given.outcomes[0] == PARAFLUX_OUTCOME_INDEFINITE && given.is_plain(0), "seed %d: %d", static_cast<int>(seed),
          given.outcomes[0]);
  }
}

TEST("residuals that stand still are indefinite") {
  Rows given(1, 3, 2);
  for (int round = 0; round < 3; ++round) {
    given.add(0, {1, 2, 3}, {4, 5, 6});
    given.solve(1, 0);
  }
  CHECK(given.outcomes[0] == PARAFLUX_OUTCOME_INDEFINITE && given.is_plain(0), "%d", given.outcomes[0]);
}

TEST("a product that is not finite makes its row and the rows after it plain, and no row before it") {
  for (const double poison :
       {kNan, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    for (const size_t c : {0, 1, 2}) {
      Rows given = after_rounds(5, 20, 3, 4, 1e-3);
      given.dots[2 * kHistory + c] = poison;
      given.plain[4] = 1;
      given.solve(5, 1e-3);
      constexpr int32_t kExpected[] = {PARAFLUX_OUTCOME_ACCELERATED, PARAFLUX_OUTCOME_ACCELERATED,
                                       PARAFLUX_OUTCOME_NONFINITE, PARAFLUX_OUTCOME_NONFINITE, PARAFLUX_OUTCOME_PLAIN};
      for (size_t i = 0; i < 5; ++i) {
        CHECK(given.outcomes[i] == kExpected[i], "%g at %zu, row %zu: %d", poison, c, i, given.outcomes[i]);
        CHECK(i < 2 || given.is_plain(i), "%g at %zu, row %zu", poison, c, i);
      }
    }
  }
}

TEST("products that are finite but whose differences are not are not finite") {
  Rows given(1, 1, 2);
  given.counts[0] = 2;
  for (int round = 0; round < 2; ++round) {
    given.dots[0] = 1.7e308;
    given.dots[1] = -1.7e308;
    given.solve(1, 1e-3);
  }
  CHECK(given.outcomes[0] == PARAFLUX_OUTCOME_NONFINITE && given.is_plain(0), "%d", given.outcomes[0]);
}

TEST("windows of one call get the weights that each gets alone, and one without grams is passed over") {
  const size_t sizes[] = {3, 0, 5, 1};
  for (size_t history = 1; history <= kHistory; ++history) {
    std::mt19937_64 random(history);
    std::vector<Rows> alone;
    for (const size_t rows : sizes) {
      alone.emplace_back(rows, 20, history);
    }
    for (int round = 0; round < 5; ++round) {
      std::vector<ParafluxWindow> windows;
      std::vector<int32_t> counts, plain;
      Vector dots;
      std::vector<Vector> grams;
      for (Rows& rows : alone) {
        for (size_t i = 0; i < rows.rows(); ++i) {
          rows.add(i, random_vector(20, std::pow(0.7, round), random), random_vector(20, 1, random));
          rows.plain[i] = random() % 4 == 0 ? 1 : 0;
        }
        grams.push_back(rows.grams);
        counts.insert(counts.end(), rows.counts.begin(), rows.counts.end());
        plain.insert(plain.end(), rows.plain.begin(), rows.plain.end());
        dots.insert(dots.end(), rows.dots.begin(), rows.dots.end());
      }
      for (size_t w = 0; w < alone.size(); ++w) {
        const bool weighed = w != static_cast<size_t>(round) % 3;
        windows.push_back({static_cast<int64_t>(sizes[w]), static_cast<int64_t>(history), 1e-3,
                           weighed ? static_cast<int64_t>(reinterpret_cast<uintptr_t>(grams[w].data())) : int64_t{0},
                           0});
      }
      Vector weights(dots.size(), 777);
      std::vector<int32_t> outcomes(counts.size(), 777);
      const ParafluxWeights call = {static_cast<int64_t>(windows.size()),
                                    windows.data(),
                                    counts.data(),
                                    plain.data(),
                                    dots.data(),
                                    weights.data(),
                                    outcomes.data()};
      CHECK(paraflux_anderson_weights(&call) == 0, "history %zu", history);
      size_t row = 0;
      for (size_t w = 0; w < alone.size(); ++w) {
        alone[w].solve(sizes[w], 1e-3);
        for (size_t i = 0; i < sizes[w]; ++i, ++row) {
          const bool weighed = windows[w].grams != 0;
          CHECK(outcomes[row] == (weighed ? alone[w].outcomes[i] : 777), "history %zu, row %zu", history, row);
          for (size_t c = 0; c < kHistory; ++c) {
            CHECK(weights[row * kHistory + c] == (weighed ? alone[w].weights[i * kHistory + c] : 777),
                  "history %zu, row %zu", history, row);
          }
        }
      }
    }
  }
}

TEST("no windows are no work, and nor are windows without rows") {
  const ParafluxWeights none = {0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  CHECK(paraflux_anderson_weights(&none) == 0, "no windows");
  const ParafluxWindow empty = {0, 2, 1e-3, 8, 0};
  const ParafluxWeights no_rows = {1, &empty, nullptr, nullptr, nullptr, nullptr, nullptr};
  CHECK(paraflux_anderson_weights(&no_rows) == 0, "no rows");
}

int main() { return check::run_all("anderson"); }
