package import Foundation

/// NumPy's array file, version 1.0: little-endian float64, row by row.
package enum NPY {
  package static func header(rows: Int, columns: Int) -> Data {
    var text = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    // Magic, version, length and text together fill a multiple of 64 bytes.
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    let length = UInt16(text.utf8.count)
    data.append(UInt8(length & 255))
    data.append(UInt8(length >> 8))
    data.append(Data(text.utf8))
    return data
  }
}
