// Validates a CycloneDX 1.6 bill of materials in JSON, read from standard input, against its schema. Exit code 0: valid; otherwise the faults are printed.
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { text } from 'node:stream/consumers';

const fault = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(await text(process.stdin));
if (fault) {
  console.error(JSON.stringify(fault, null, 2));
  process.exit(1);
}
