// An object storage over the folder of the first argument, with the bucket of the second: prints its port, and ends with its standard
// input, and removes the folder.
const fs = require('fs');
const S3rver = require('s3rver');

const [directory, bucket] = process.argv.slice(2);
const server = new S3rver({ directory, address: '127.0.0.1', port: 0, silent: true, vhostBuckets: false, configureBuckets: [{ name: bucket, configs: [] }] });
server.run().then(({ port }) => console.log(port));
process.stdin.on('end', () => {
  fs.rmSync(directory, { recursive: true });
  process.exit();
}).resume();
