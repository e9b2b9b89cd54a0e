import { describe, expect, it } from '@jest/globals';
import { requireBounds, unboundedFields } from './bounds.ts';
import { loadFixture } from './fixture-workspace.ts';

const EXPECTED = [
  'proibido.v1.TiposRequest.por_numero: a map, whose entries have no order: use a list',
  'proibido.v1.TiposRequest.bruto: a text without max_len',
  'proibido.v1.TiposRequest.mascara: a mask whose field_mask.in does not name fields beside it',
  'exemplo.v1.CriarCoisaRequest.marcas: a list without max_items',
  'exemplo.v1.CriarCoisaRequest.codigo_externo: a text without max_len',
];

describe('the bounds of requests', () => {
  it('are missed where a list, a text, a map or a message inside itself has none', async () => {
    const registry = await loadFixture('exemplo', 'proibido');
    const problems = unboundedFields(registry);
    expect(problems).toEqual(expect.arrayContaining(EXPECTED));
    expect(problems.filter((problem) => problem.endsWith('contains itself'))).not.toEqual([]);
    // Bounded, or no list and no text.
    expect(problems.join()).not.toMatch(/CriarCoisaRequest\.(nome|valor_base|paginas)\b/);
    expect(() => requireBounds(registry)).toThrow(
      'exemplo.v1.CriarCoisaRequest.marcas: a list without max_items',
    );
  });
});
