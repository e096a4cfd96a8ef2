// snippet
import Descent

struct XorMarking: Marking {
  let experiment = "xor-lab"
  let seeds = 1000..<1032

  var claims: [Cell] {
    Note("The network must learn XOR from most initial weights.")
    Expect(.share(of: .finalLoss, below: 0.01), atLeast: 0.5, where: .learningRate, is: 3, id: "q1", points: 2)
    Expect(.divergedShare, atMost: 0, id: "q2", points: 1)
    Expect("The larger learning rate ends with the lower median loss", id: "q3", points: 1.5) { results in
      let small = try results.where(.learningRate, is: 1).median(.finalLoss)
      let large = try results.where(.learningRate, is: 3).median(.finalLoss)
      return (large < small, "medians \(NumberText.short(large)) and \(NumberText.short(small))")
    }
  }
}
// end
