import { describe, expect, it } from '@jest/globals';
import { type Ato, exigirPoder, PODERES } from './poderes.ts';
import type { Solicitante } from './solicitante.ts';

const ESPACO = 'esp_1';
const ADMIN: Solicitante = { id: 'cli_admin', admin: true };
const GESTOR: Solicitante = { id: 'cli_gestor', admin: false, geridos: new Set([ESPACO]) };
const GESTOR_DE_OUTRO: Solicitante = { id: 'cli_gestor', admin: false, geridos: new Set(['esp_2']) };
const CLIENTE: Solicitante = { id: 'cli_1', admin: false };

const atos = Object.keys(PODERES) as Ato[];

describe('who may ask for what', () => {
  it.each(atos)('%s: ADMIN, and those of the table at their space', (ato) => {
    const pode = (solicitante: Solicitante) => exigirPoder(ato, solicitante, ESPACO).isSuccess;
    expect(pode(ADMIN)).toBe(true);
    expect(pode(GESTOR)).toBe(PODERES[ato].partes.length === 2);
    expect(pode(GESTOR_DE_OUTRO)).toBe(false);
    expect(pode(CLIENTE)).toBe(false);
  });

  it('is told in words', () => {
    const negado = exigirPoder('CriarReserva.dispensas', CLIENTE, ESPACO);
    expect(negado).toMatchObject({
      error: { message: 'Só a administração ou quem gere o espaço pode deixar regras de lado.' },
    });
  });
});
