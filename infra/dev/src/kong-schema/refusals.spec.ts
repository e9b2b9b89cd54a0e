import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { renderedConfigurations } from './configurations.ts';
import { kongRefusals, parseKongYaml } from './refusals.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** Each says in its first line, `# refused: ...`, what Kong answers to it. */
const refused = readdirSync(FIXTURES).map((name) => {
  const text = readFileSync(join(FIXTURES, name), 'utf8');
  return { name, text, reason: /^# refused: (.+)$/m.exec(text)?.[1] ?? '?' };
});

describe('what Kong would load', () => {
  it.each(renderedConfigurations())('$name', ({ text }) => {
    expect(kongRefusals(parseKongYaml(text))).toEqual([]);
  });
});

describe('what Kong would refuse', () => {
  it.each(refused)('$name: $reason', ({ text, reason }) => {
    const reasons = kongRefusals(parseKongYaml(text));
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  });

  it.each(renderedConfigurations())('a method on the gRPC routes of $name', ({ text }) => {
    const broken = text.replaceAll(
      'protocols: [grpc, grpcs]',
      'protocols: [grpc, grpcs]\n        methods: [POST]',
    );
    expect(broken).not.toBe(text);
    const reasons = kongRefusals(parseKongYaml(broken));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toContain("cannot set 'methods' when 'protocols' is 'grpc'");
  });
});
