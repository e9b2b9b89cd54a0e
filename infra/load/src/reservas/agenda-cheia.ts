import { Client } from 'pg';

/** Reservations of each filled space: as many behind us as ahead. */
export const PER_SPACE = 2_000;
const SPACES_PER_BATCH = 5;

const ESPACO = `
  insert into espacos (id, nome, tipo, capacidade, endereco, fuso_horario, moeda, preco_por_hora_centavos,
    taxa_limpeza_centavos, folga_minutos, antecedencia_minima_minutos, antecedencia_maxima_dias, duracao_minima_minutos,
    duracao_maxima_minutos, grade_minutos, pico_centesimos, fim_de_semana_centesimos, antecedencia_centesimos, horarios,
    extras, espera_pagamento_minutos, ativo, versao, criado_em, atualizado_em)
  select 'esp_cheio' || n, 'Sala cheia ' || n, 'SALA_REUNIAO', 10, '', 'America/Sao_Paulo', 'BRL', 10000 + n, 5000, 15,
    120, 180, 30, 1440, 15, 150, 120, 80, '[]', '[]', 15, true, 1, now(), now()
  from generate_series($1::int, $2::int) as n`;

/**
 * One hour every two hours, which leaves half an hour free beside the buffers, from 1,000 slots ago to 1,000 slots ahead:
 * what is over is concluded and what is to come is confirmed, as in a database that has been in use for months. Constraints
 * and triggers of the tables apply.
 */
const RESERVAS = `
  insert into reservas (id, versao, status, cliente_id, espaco_id, espaco_nome, espaco_endereco, fuso_horario, data_inicio,
    data_fim, folga_minutos, bloqueio_fim, preco, valor_centavos, moeda, extras, politica, checkout_url, pagamento_id,
    expira_em, criada_em, atualizada_em, confirmada_em)
  select 'res_c' || e || 'x' || s, 3, case when s < ${PER_SPACE / 2} then 'CONCLUIDA' else 'CONFIRMADA' end,
    'cli_cheio' || (e * 7 + s) % 50000, 'esp_cheio' || e, 'Sala cheia ' || e, '', 'America/Sao_Paulo', inicio,
    inicio + interval '1 hour', 15, inicio + interval '75 minutes',
    '[{"tipo": "HORAS", "descricao": "1 h", "centavos": 10000}]', 10000, 'BRL', '[]', '{}', 'https://checkout.exemplo',
    'pag_c' || e || 'x' || s, inicio - interval '30 days', inicio - interval '31 days', inicio - interval '31 days',
    inicio - interval '31 days'
  from generate_series($1::int, $2::int) as e, generate_series(0, ${PER_SPACE - 1}) as s,
    lateral (select date_trunc('hour', now()) + interval '4 hours'
      + (s - ${PER_SPACE / 2}) * interval '2 hours' as inicio) as slot`;

/** Fills the tables of reservas with spaces of their own, by SQL. */
export class AgendaCheia {
  readonly #client: Client;
  #filled = 0;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** @param espacos how many there are from the start, all of them empty. */
  static async open(databaseUrl: string, espacos: number): Promise<AgendaCheia> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('set synchronous_commit = off');
    await client.query(ESPACO, [1, espacos]);
    return new AgendaCheia(client);
  }

  get reservas(): number {
    return this.#filled * PER_SPACE;
  }

  /** A space that is full. */
  get espacoId(): string {
    return 'esp_cheio1';
  }

  /** Adds reservations until there are so many or the time is over. @returns whether it got there. */
  async fill(until: number, deadline: number): Promise<boolean> {
    while (this.reservas < until) {
      if (performance.now() > deadline) return false;
      const batch = Math.min(SPACES_PER_BATCH, until / PER_SPACE - this.#filled);
      await this.#client.query(RESERVAS, [this.#filled + 1, this.#filled + batch]);
      this.#filled += batch;
    }
    // As autovacuum would, a little later.
    await this.#client.query('vacuum analyze reservas');
    await this.#client.query('vacuum analyze espacos');
    return true;
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}
