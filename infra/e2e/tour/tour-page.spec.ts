import { describe, expect, it } from '@jest/globals';
import { agrees, outputsOf, scriptOf, stepsOf } from './tour-page.ts';

const PAGE = `# A tour

\`\`\`sh
echo one
\`\`\`

\`\`\`text
one
\`\`\`

Then

\`\`\`sh
NAME=two
\`\`\`

\`\`\`sh
echo "{\\"a\\":\\"$NAME\\"}"
\`\`\`

\`\`\`json
{"a":"..."}
\`\`\`
`;

describe('the steps of a page', () => {
  it('are its commands, each with what the page says that it prints', () => {
    expect(stepsOf(PAGE)).toEqual([
      { line: 3, commands: 'echo one\n', prints: 'one\n' },
      { line: 13, commands: 'NAME=two\n', prints: undefined },
      { line: 17, commands: 'echo "{\\"a\\":\\"$NAME\\"}"\n', prints: '{"a":"..."}\n' },
    ]);
  });

  it('are one script, whose output is told apart by step', () => {
    const steps = stepsOf(PAGE);
    expect(scriptOf(steps)).toBe(
      `echo '@@0@@'\necho one\n\necho '@@1@@'\nNAME=two\n\necho '@@2@@'\n${steps[2]?.commands}`,
    );
    expect(outputsOf(steps, '@@0@@\none\n@@1@@\n@@2@@\n{"a":"two"}\n')).toEqual([
      'one\n',
      '',
      '{"a":"two"}\n',
    ]);
    expect(outputsOf(steps, '@@0@@\none\n@@1@@\n')).toEqual(['one\n', '']);
  });
});

describe('what a step prints', () => {
  it.each([
    ['{"a":1,"b":"x"}\n', '{"a":1,\n "b":"x"}'],
    ['{"id":"cli_1","nome":"Ana"}', '{"id":"cli_...","nome":"Ana"}'],
    ['ana.123@exemplo.com', 'ana....@exemplo.com'],
    ['{"a":1,"b":2,"c":3}', '{"a":1,...}'],
  ])('agrees: %s', (printed, said) => {
    expect(agrees(printed, said)).toBe(true);
  });

  it.each([
    ['{"a":1}', '{"a":2}'],
    ['{"a":1,"b":2}', '{"a":1}'],
    ['', '{}'],
    ['{"reason":"OUTRO"}', '{...,"reason":"TOKEN_INVALIDO"}'],
    ['axb', 'a.b'],
  ])('does not agree: %s', (printed, said) => {
    expect(agrees(printed, said)).toBe(false);
  });
});
