// Short vectors in registers, for loops that the compiler alone does not keep there. Four doubles with AVX, also where
// there is AVX-512: on the CPU measured, a Zen 4, conversions between float and double bound these loops, run no faster
// with 512 bits, and stores of 512 bits are slower. For files compiled once per instruction set (isa.h).
#pragma once

#include <stdint.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace paraflux {
namespace {

#if defined(__AVX__)

constexpr int kWidth = 4;
typedef __m256d Doubles;
typedef __m128 Floats;

inline Doubles load(const double* from) { return _mm256_loadu_pd(from); }
inline void store(double* to, Doubles values) { _mm256_storeu_pd(to, values); }
inline void store(float* to, Floats values) { _mm_storeu_ps(to, values); }
inline Doubles widened(Floats values) { return _mm256_cvtps_pd(values); }
inline Doubles load(const float* from) { return widened(_mm_loadu_ps(from)); }
inline Floats rounded(Doubles values) { return _mm256_cvtpd_ps(values); }

// The sum of the elements, folded in halves.
inline double folded(Doubles values) {
  const __m128d pair = _mm256_castpd256_pd128(values) + _mm256_extractf128_pd(values, 1);
  return pair[0] + pair[1];
}

#elif defined(__SSE2__)

constexpr int kWidth = 2;
typedef __m128d Doubles;
typedef __m128 Floats;  // in its lower half

inline Doubles load(const double* from) { return _mm_loadu_pd(from); }
inline void store(double* to, Doubles values) { _mm_storeu_pd(to, values); }
inline void store(float* to, Floats values) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_castps_si128(values));
}
inline Doubles widened(Floats values) { return _mm_cvtps_pd(values); }
inline Doubles load(const float* from) {
  return widened(_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
}
inline Floats rounded(Doubles values) { return _mm_cvtpd_ps(values); }
inline double folded(Doubles values) { return values[0] + values[1]; }

#else

constexpr int kWidth = 2;
typedef double Doubles __attribute__((vector_size(kWidth * sizeof(double))));
typedef float Floats __attribute__((vector_size(kWidth * sizeof(float))));

inline Doubles load(const double* from) { return Doubles{from[0], from[1]}; }
inline Doubles load(const float* from) { return Doubles{from[0], from[1]}; }
inline void store(double* to, Doubles values) { __builtin_memcpy(to, &values, sizeof values); }
inline void store(float* to, Floats values) { __builtin_memcpy(to, &values, sizeof values); }
inline Doubles widened(Floats values) { return __builtin_convertvector(values, Doubles); }
inline Floats rounded(Doubles values) { return __builtin_convertvector(values, Floats); }
inline double folded(Doubles values) { return values[0] + values[1]; }

#endif

}  // namespace
}  // namespace paraflux
