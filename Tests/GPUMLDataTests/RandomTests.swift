import GPUMLGraph
import Testing

@testable import GPUMLData

@Suite("Random")
struct RandomTests {
  @Test(
    "a shuffle is a permutation, the same for a seed and epoch", arguments: [0, 1, 2, 17, 1000])
  func permutation(count: Int) {
    let order = Shuffle.permutation(count: count, seed: 3, epoch: 1)
    #expect(order.sorted() == Array(0..<count))
    #expect(order == Shuffle.permutation(count: count, seed: 3, epoch: 1))
    if count > 10 {
      #expect(order != Shuffle.permutation(count: count, seed: 3, epoch: 2))
      #expect(order != Shuffle.permutation(count: count, seed: 4, epoch: 1))
    }
  }

  @Test("every order of three is about equally likely")
  func fairness() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 {
      counts[Shuffle.permutation(count: 3, seed: 9, epoch: epoch), default: 0] += 1
    }
    #expect(counts.count == 6)
    // 1000 expected each, standard deviation 29: five of them.
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }

  private func dataset(_ labels: [Int32], classes: Int) throws -> Dataset {
    try Dataset(
      features: .uint8([UInt8](repeating: 0, count: labels.count)), featureShape: [1],
      labels: .classes(labels, names: (0..<classes).map(String.init)), count: labels.count)
  }

  @Test("a stratified split keeps the classes' shares and loses nothing")
  func stratified() throws {
    let labels = (0..<1000).map { Int32($0 % 10 == 0 ? 0 : $0 % 3 == 0 ? 1 : 2) }
    let data = try dataset(labels, classes: 3)
    let split = try Split.stratified(data, validation: 0.2, test: 0.1, seed: 1)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<1000))
    #expect(split.validation.count == 200 && split.test.count == 100)
    for (label, size) in [(0, 100), (1, 300), (2, 600)] {
      let inValidation = split.validation.filter { labels[$0] == Int32(label) }.count
      let inTest = split.test.filter { labels[$0] == Int32(label) }.count
      #expect(abs(inValidation - size / 5) <= 1)
      #expect(abs(inTest - size / 10) <= 1)
    }
    #expect(split == (try Split.stratified(data, validation: 0.2, test: 0.1, seed: 1)))
    #expect(split != (try Split.stratified(data, validation: 0.2, test: 0.1, seed: 2)))
  }

  @Test("a lonely example of a class is trained on")
  func lonely() throws {
    let data = try dataset([0, 1, 1, 1, 1, 1, 2], classes: 3)
    for seed in 0..<20 {
      let split = try Split.stratified(data, validation: 0.4, seed: UInt64(seed))
      #expect(split.train.contains(0) && split.train.contains(6))
      #expect(!split.validation.isEmpty)
    }
  }

  @Test("a random split takes its shares, and impossible ones are refused")
  func random() throws {
    let split = try Split.random(count: 10, validation: 0.25, seed: 1)
    #expect(split.train.count == 7 && split.validation.count == 3 && split.test.isEmpty)
    #expect(try Split.random(count: 0, validation: 0.5, seed: 1).train.isEmpty)
    #expect(try Split.random(count: 5, validation: 0.01, seed: 1).validation.count == 1)
    for (validation, test) in [(1.0, 0.0), (-0.1, 0.0), (0.5, 0.5), (.nan, 0.0)] {
      #expect(throws: DataError.self) {
        try Split.random(count: 10, validation: validation, test: test, seed: 1)
      }
    }
  }
}
