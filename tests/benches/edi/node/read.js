// node-x12 and edifact, once through a file: bytes, nanoseconds of CPU time, segments.
const fs = require("node:fs");

const readers = {
  "node-x12": (text) => {
    const { X12Parser } = require("node-x12");
    return new X12Parser(true).parse(text).functionalGroups.length;
  },
  edifact: (text) => {
    const { Parser } = require("edifact");
    const parser = new Parser();
    parser.encoding("UNOC");
    let count = 0;
    parser.onOpenSegment = () => { count += 1; };
    parser.onCloseSegment = () => {};
    parser.onElement = () => {};
    parser.onComponent = () => {};
    parser.write(text);
    parser.end();
    return count;
  },
};

const [what, path] = process.argv.slice(2);
const text = fs.readFileSync(path, "latin1");
const start = process.cpuUsage();
const count = readers[what](text);
const { user, system } = process.cpuUsage(start);
console.log(`${text.length}\t${(user + system) * 1000}\t${count}`);
