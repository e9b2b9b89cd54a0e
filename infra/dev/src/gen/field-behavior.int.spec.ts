import { describe, expect, it } from '@jest/globals';
import { fieldBehaviorProblems, requireFieldBehavior } from './field-behavior.ts';
import { loadFixture } from './fixture-workspace.ts';

const [REQUEST, RESPONSE] = ['contraditorio.v1.PerguntarRequest', 'contraditorio.v1.PerguntarResponse'];

const EXPECTED = [
  `${REQUEST}.assunto: is part of every path, and not REQUIRED`,
  `${REQUEST}.calado: is to be either REQUIRED or OPTIONAL`,
  `${REQUEST}.indeciso: is to be either REQUIRED or OPTIONAL`,
  `${REQUEST}.exigido: is REQUIRED, and requests without it are taken`,
  `${REQUEST}.recusado: is OPTIONAL, and requests without it are refused`,
  `${REQUEST}.segredo: is to be INPUT_ONLY exactly if it is \`debug_redact\` and sent alone`,
  `${REQUEST}.publico: is to be INPUT_ONLY exactly if it is \`debug_redact\` and sent alone`,
  `${REQUEST}.padrao: is NON_EMPTY_DEFAULT, which is for what may be left out and is answered`,
  `${RESPONSE}.certo: is REQUIRED, and may be absent`,
  `${RESPONSE}.fixo: is IMMUTABLE, and nobody sends it`,
];

describe('what fields say of themselves', () => {
  it('is missed where they are silent, and refused where it is not so', async () => {
    const registry = await loadFixture('contraditorio');
    const problems = fieldBehaviorProblems(registry).filter((problem) =>
      problem.startsWith('contraditorio.'),
    );
    expect(problems.sort()).toEqual([...EXPECTED].sort());
    expect(() => requireFieldBehavior(registry)).toThrow(EXPECTED[0]);
  });

  it('is let be where it is so', async () => {
    expect(fieldBehaviorProblems(await loadFixture('exemplo'))).toEqual([]);
  });
});
