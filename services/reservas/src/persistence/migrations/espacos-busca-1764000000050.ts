import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The search for free spaces: one tariff after the other, each in the order of its hourly prices. The columns behind are
 * what a space is passed over for, so that passing over one does not read it. Identities sort by their bytes, whatever
 * the locale of the database.
 */
export class EspacosBusca1764000000050 implements MigrationInterface {
  readonly name = 'EspacosBusca1764000000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index espacos_busca_ix on espacos (tipo, fuso_horario, pico_centesimos, fim_de_semana_centesimos,
        antecedencia_centesimos, taxa_limpeza_centavos, preco_por_hora_centavos, id collate "C")
      include (capacidade, duracao_minima_minutos, duracao_maxima_minutos, antecedencia_minima_minutos,
        antecedencia_maxima_dias, grade_minutos)
      where ativo`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index espacos_busca_ix');
  }
}
