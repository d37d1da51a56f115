#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

package func logarithm(_ x: Double) -> Double { log(x) }
package func cosine(_ x: Double) -> Double { cos(x) }
package func complementaryError(_ x: Double) -> Double { erfc(x) }
