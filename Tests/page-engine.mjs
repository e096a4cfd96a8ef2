// Compares the runs of the engine of a page with those of the program, bit for bit: page-engine.mjs ENGINE.wasm CASES
// A page in a browser reads the part between the marks.
import fs from "node:fs";

// begin
const compare = (bytes, buffer) => {
  const engine = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const numbers = new Float64Array(buffer), all = new BigUint64Array(buffer);
  let at = 1, compared = 0;
  const bits = (values, from) => new BigUint64Array(values.buffer.slice(values.byteOffset + 8 * from, values.byteOffset + 8 * (from + 1)))[0];
  for (let index = 0; index < numbers[0]; index++) {
    const [kind, given, expected] = numbers.slice(at, at + 3);
    const request = numbers.slice(at + 3, at + 3 + given), first = at + 3 + given;
    const place = engine.room(given);
    new Float64Array(engine.memory.buffer, place, given).set(request);
    const count = engine[["train", "follow", "evaluate"][kind]]();
    if (count !== expected || !count) return `case ${index}: ${count} numbers in place of ${expected}`;
    const results = new Float64Array(engine.memory.buffer, engine.results(), count);
    for (let i = 0; i < count; i++)
      // The bits of a NaN mean nothing: an engine for WebAssembly may choose them.
      if (bits(results, i) !== all[first + i] && !(Number.isNaN(results[i]) && Number.isNaN(numbers[first + i])))
        return `case ${index}, number ${i}: ${results[i]} in place of ${numbers[first + i]}`;
    compared += count;
    at = first + expected;
  }
  return `equal: ${compared} numbers of ${numbers[0]} cases`;
};
// end

const [engine, cases] = process.argv.slice(2).map((path) => fs.readFileSync(path));
const result = compare(engine, cases.buffer.slice(cases.byteOffset, cases.byteOffset + cases.byteLength));
console.log(`node ${process.version}: ${result}`);
if (!result.startsWith("equal")) process.exit(1);
