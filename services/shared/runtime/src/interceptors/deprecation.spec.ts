import { describe, expect, it } from '@jest/globals';
import { EcoService } from '../../test/eco-service.ts';
import { deprecation } from './deprecation.ts';

describe('a method that is deprecated', () => {
  it('has to say since when, and when it goes', () => {
    const undated = { ...EcoService.method.ler, deprecated: true };
    expect(() => deprecation([undated])).toThrow(
      'teste.v1.EcoService/Ler is deprecated: it has to say since when',
    );
    expect(() => deprecation([EcoService.method.antigo, EcoService.method.ler])).not.toThrow();
  });
});
