import Descent

/// Every experiment that can be run by name. `descent new` adds to the end.
let experiments: [any Experiment.Type] = [
  LearningRates.self,
  HiddenSizes.self,
  InitializationScales.self,
  SeedLuck.self,
  BatchSizes.self,
  Iris.self,
  Digits.self,
  Gallery.self,
  GalleryCapacity.self,
  GalleryDescent.self,
  GalleryMinima.self,
  Backpropagation.self,
  ThreeThreeTwo.self,
]
