"""The equilibrium in changes, one function per numbered equation, in the paper's symbols.

Caliendo and Parro (2015), Review of Economic Studies 82(1), equations 10 to 14, with the scale
economies of Costinot and Rodríguez-Clare (2014, Handbook of International Economics 4) and
Lashkaripour and Lugovskyy (2023, AER 113(10)), the profits of Ossa (2014, AER 104(12)), and the
labour supply of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025). A hat is a ratio, new over
old. Axes: importer n, exporter i, sector j, input sector k. Numbers in brackets are those of
`docs/theory/trade.md`.

Nothing here iterates. The solver rearranges the same equations for speed and is tested
against these functions, which also measure every residual of a solution.
"""

from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float

Scalar: TypeAlias = float
Region: TypeAlias = Float[np.ndarray, " region"]
Sector: TypeAlias = Float[np.ndarray, " sector"]
RegionSector: TypeAlias = Float[np.ndarray, "region sector"]
InputShare: TypeAlias = Float[np.ndarray, "region input sector"]
Cube: TypeAlias = Float[np.ndarray, "importer exporter sector"]


def profit_share(mu_j: Sector) -> Sector:
    """Return `m_j`, profits over sales of firms that add the markup `mu_j` to their costs (21)."""
    return np.asarray(mu_j / (1 + mu_j))


def unit_cost(
    w_hat_n: Region,
    P_hat_nj: RegionSector,
    beta_nj: RegionSector,
    gamma_nkj: InputShare,
    m_nj: RegionSector,
) -> RegionSector:
    """Return `c_hat_nj`, the change of the cost of an input bundle (1).

    Wages are what value added leaves when profits, the share `m_nj` of sales, are taken off.
    """
    log_inputs = np.einsum("nkj,nk->nj", gamma_nkj, np.log(P_hat_nj))
    log_wages = (beta_nj - m_nj) * np.log(w_hat_n)[:, None]
    return np.asarray(np.exp((log_wages + log_inputs) / (1 - m_nj)))


def cost_rate(tau_nij: Cube, mu_j: Sector) -> Cube:
    """Return `t_nij`, the duty over the cost of goods, from that over their customs value (24).

    Makers add the markup `mu_j` to cost and duty alike. What is collected stays below one over it.
    """
    return np.asarray((1 + mu_j) * tau_nij / (1 - mu_j * tau_nij))


def collected_rate(t_nij: Cube, mu_j: Sector) -> Cube:
    """Return the duty over the customs value from that over the cost of goods (24)."""
    return np.asarray(t_nij / (1 + mu_j + mu_j * t_nij))


def before_freight(t_nij: Cube, d_hat_nij: Cube) -> Cube:
    """Return the duty over cost, freight included, where it is charged on value before it (26).

    `t_nij` is the rate as freight was before, which has changed by `d_hat_nij`.
    """
    return np.asarray(t_nij / d_hat_nij)


def buyer_sales(pi_new_nij: Cube, X_new_nj: RegionSector, g_new_nij: Cube) -> RegionSector:
    """Return `V_new_nj`, what buyers pay for goods less taxes on making and exporting them (25)."""
    return np.asarray((pi_new_nij * X_new_nj[:, None, :] / g_new_nij).sum(axis=0))


def outlay(Y_new_nj: RegionSector, Z_new_nj: RegionSector, m_nj: RegionSector) -> RegionSector:
    """Return sales that would give the same wages and inputs at the profit shares of before (25).

    Wages and inputs are what profits leave of sales.
    """
    return np.asarray((Y_new_nj - Z_new_nj) / (1 - m_nj))


def fixed_cost_share(theta_j: Sector, sigma_j: Sector) -> Sector:
    """Return `zeta_j`, the share of sales that firms pay for fixed costs where they sell (27)."""
    return np.asarray((theta_j - (sigma_j - 1)) / (sigma_j * theta_j))


def size_exponent(theta_j: Sector, sigma_j: Sector) -> Sector:
    """Return `psi_j`, by how much shares rise with the size of a market for its fixed costs (27).

    It is zero where fixed costs choose no firms, which is where `theta_j` is `sigma_j - 1`.
    """
    return np.asarray(theta_j / (sigma_j - 1) - 1)


def duty_at_fixed_costs(r_hat_nij: Cube, psi_j: Sector, theta_j: Sector) -> Cube:
    """Return the change of trade costs that does what a change of duty does (28).

    `r_hat_nij` is the change of one plus the tariff. A duty takes from what firms earn, which has
    to pay for their fixed costs; a trade cost does not.
    """
    return np.asarray(r_hat_nij ** (1 + psi_j / theta_j))


def crowded_price(
    P_same_nj: RegionSector,
    X_hat_nj: RegionSector,
    c_hat_nj: RegionSector,
    psi_j: Sector,
    theta_j: Sector,
) -> RegionSector:
    """Return `P_hat_nj` where fixed costs are paid in the market (29).

    `P_same_nj` is the price (3) that a market of the same size would have. A larger one, beside the
    cost of its bundle, pays for the fixed costs of more firms.
    """
    return np.asarray(P_same_nj * (X_hat_nj / c_hat_nj) ** (-psi_j / theta_j))


def bundles_paid(Y_new_nj: RegionSector, M_new_nj: RegionSector, zeta_j: Sector) -> RegionSector:
    """Return `K_new_nj`, what is paid for bundles of labour and inputs (30).

    Makers pay what fixed costs leave of their sales. Fixed costs of all who sell in a market are
    paid there, a share of `M_new_nj`, what it buys at customs value.
    """
    return np.asarray((1 - zeta_j) * Y_new_nj + zeta_j * M_new_nj)


def trade_cost(d_hat_nij: Cube, tau_new_nij: Cube, tau_nij: Cube) -> Cube:
    """Return `kappa_hat_nij`, the change of trade costs, tariffs included (2)."""
    return np.asarray(d_hat_nij * (1 + tau_new_nij) / (1 + tau_nij))


def delivered_cost(
    c_hat_nj: RegionSector,
    kappa_hat_nij: Cube,
    A_hat_nj: RegionSector,
    L_hat_nj: RegionSector,
    mu_j: Sector,
) -> Cube:
    """Return the change of the cost of goods of i in n, with scale economies (3, 4).

    Under monopolistic competition productivity rises with sectoral employment at elasticity
    `mu_j`, or with the bundles that a sector uses, which `L_hat_nj` is then (23); with perfect
    competition `mu_j` is zero.
    """
    return np.asarray(kappa_hat_nij * (c_hat_nj / (A_hat_nj * L_hat_nj**mu_j))[None, :, :])


def price(pi_nij: Cube, x_hat_nij: Cube, theta_j: Sector) -> RegionSector:
    """Return `P_hat_nj`, the change of the sectoral price index (3).

    Costs are taken relative to the cheapest source, which no power makes zero or infinite.
    """
    low_nj = np.where(pi_nij > 0, x_hat_nij, np.inf).min(axis=1)
    low_nj = np.where(np.isfinite(low_nj), low_nj, 1.0)
    relative = np.where(pi_nij > 0, x_hat_nij / low_nj[:, None, :], 1.0)
    return np.asarray(low_nj * (pi_nij * relative ** (-theta_j)).sum(axis=1) ** (-1 / theta_j))


def share(pi_nij: Cube, x_hat_nij: Cube, P_hat_nj: RegionSector, theta_j: Sector) -> Cube:
    """Return `pi_new_nij`, the new expenditure shares (4)."""
    dear_nij = np.where(pi_nij > 0, x_hat_nij / P_hat_nj[:, None, :], 1.0)
    return np.asarray(pi_nij * dear_nij ** (-theta_j))


def sales(pi_new_nij: Cube, X_new_nj: RegionSector, tau_new_nij: Cube) -> RegionSector:
    """Return `Y_new_ij`, sales of each exporter at customs value (5)."""
    return np.asarray((pi_new_nij * X_new_nj[:, None, :] / (1 + tau_new_nij)).sum(axis=0))


def maker_wedge(epsilon_nij: Cube, phi_nj: RegionSector) -> Cube:
    """Return `g_nij`, the customs value of a good over what its maker gets (16).

    Both rates are the maker's region's: `epsilon_nij` on what goes to `n`, `phi_nj` on everything.
    """
    return np.asarray((1 + epsilon_nij) * (1 + phi_nj)[None, :, :])


def maker_sales(
    pi_new_nij: Cube, X_new_nj: RegionSector, tau_new_nij: Cube, g_new_nij: Cube
) -> RegionSector:
    """Return `Y_new_nj`, what makers get for sales, taxes on making and exporting paid (17)."""
    return sales(pi_new_nij / g_new_nij, X_new_nj, tau_new_nij)


def maker_revenue(
    pi_new_nij: Cube, X_new_nj: RegionSector, tau_new_nij: Cube, g_new_nij: Cube
) -> Region:
    """Return the revenue of taxes on making and exporting, by the maker's region (18)."""
    kept = pi_new_nij * (1 - 1 / g_new_nij)
    return np.asarray(sales(kept, X_new_nj, tau_new_nij).sum(axis=1))


def consumption_revenue(F_new_nj: RegionSector, chi_new_nj: RegionSector) -> Region:
    """Return the revenue of taxes on final use (18); `F_new_nj` is what final buyers pay."""
    return np.asarray((chi_new_nj / (1 + chi_new_nj) * F_new_nj).sum(axis=1))


def final_price(
    P_hat_nj: RegionSector, chi_new_nj: RegionSector, chi_nj: RegionSector
) -> RegionSector:
    """Return the change of the price that final buyers pay, taxes on final use included (19)."""
    return np.asarray(P_hat_nj * (1 + chi_new_nj) / (1 + chi_nj))


def labour_tax(P_hat_n: Region, G_n: Region, R_new_n: Region, W_new_n: Region) -> Region:
    """Return `nu_new_n`, the rate on the wage bill that keeps the real budget `G_n` (20).

    `R_new_n` is what tariffs and the other taxes bring.
    """
    return np.asarray((P_hat_n * G_n - R_new_n) / W_new_n)


def revenue(pi_new_nij: Cube, X_new_nj: RegionSector, tau_new_nij: Cube) -> Region:
    """Return `R_new_n`, tariff revenue (6)."""
    duty = tau_new_nij / (1 + tau_new_nij) * pi_new_nij
    return np.asarray((duty * X_new_nj[:, None, :]).sum(axis=(1, 2)))


def final_spending(I_new_n: Region, S_new_nj: RegionSector, alpha_nj: RegionSector) -> RegionSector:
    """Return `F_new_nj`, what final buyers pay (6): income at fixed shares, and placed spending.

    The placed spending `S_new_nj` is paid out of income, so it is taken off the part of income
    that is spent by the fixed shares: no flow is counted twice.
    """
    free = I_new_n - S_new_nj.sum(axis=1)
    return np.asarray(alpha_nj * free[:, None] + S_new_nj)


def expenditure(
    Y_new_nj: RegionSector, F_new_nj: RegionSector, gamma_nkj: InputShare
) -> RegionSector:
    """Return `X_new_nj`, spending on inputs and final demand (6), taxes on final use apart."""
    return np.asarray(np.einsum("nkj,nj->nk", gamma_nkj, Y_new_nj) + F_new_nj)


def profits(m_j: Sector, V_new_nj: RegionSector) -> RegionSector:
    """Return `Z_new_nj`, profits by sector (22).

    They are a share of sales, of those at buyers' prices where duties are charged on cost.
    """
    return np.asarray(m_j * V_new_nj)


def value_added(w_hat_n: Region, L_hat_n: Region, W_n: Region, Z_new_nj: RegionSector) -> Region:
    """Return `VA_new_n`, wages and profits (22)."""
    return np.asarray(w_hat_n * L_hat_n * W_n + Z_new_nj.sum(axis=1))


def income(VA_new_n: Region, R_new_n: Region, D_new_n: Region) -> Region:
    """Return `I_new_n`, value added, revenue of tariffs and taxes, and the deficit (6)."""
    return np.asarray(VA_new_n + R_new_n + D_new_n)


def deficit_share(VA_new_n: Region, VA_n: Region, D_n: Region) -> Region:
    """Return `D_new_n`, transfers apart, where deficits stay a share of value added (11).

    Shares alone would leave a sum over the world; it is spread by value added.
    """
    kept = D_n / VA_n * VA_new_n
    return np.asarray(kept - kept.sum() * VA_new_n / VA_new_n.sum())


def labour_demand(beta_nj: RegionSector, Y_new_nj: RegionSector, m_nj: RegionSector) -> Region:
    """Return the wage bill that sales call for; it equals the wage bill paid (7)."""
    return np.asarray(((beta_nj - m_nj) * Y_new_nj).sum(axis=1))


def labour_supply(
    w_hat_n: Region, P_hat_nj: RegionSector, alpha_nj: RegionSector, kappa: Scalar
) -> Region:
    """Return `L_hat_n`, employment at real-wage elasticity `kappa`; ones where it is zero (9)."""
    return np.asarray((w_hat_n / consumer_price(P_hat_nj, alpha_nj)) ** kappa)


def sector_employment(Y_new_nj: RegionSector, Y_nj: RegionSector, w_hat_n: Region) -> RegionSector:
    """Return `L_hat_nj`, the change of employment by sector; one where there was no output (10)."""
    ratio = np.divide(Y_new_nj, Y_nj, out=np.ones_like(Y_nj), where=Y_nj > 0)
    return np.asarray(np.where(Y_nj > 0, ratio / w_hat_n[:, None], 1.0))


def sector_bundles(
    Y_new_nj: RegionSector, Y_nj: RegionSector, c_hat_nj: RegionSector
) -> RegionSector:
    """Return the change of the bundles of labour and inputs that a sector uses (23)."""
    ratio = np.divide(Y_new_nj, Y_nj, out=np.ones_like(Y_nj), where=Y_nj > 0)
    return np.asarray(np.where(Y_nj > 0, ratio / c_hat_nj, 1.0))


def consumer_price(P_hat_nj: RegionSector, alpha_nj: RegionSector) -> Region:
    """Return the change of the consumer price index (8)."""
    return np.asarray(np.exp((alpha_nj * np.log(P_hat_nj)).sum(axis=1)))


def equivalent_variation(
    I_new_n: Region,
    I_n: Region,
    P_hat_n: Region,
    L_hat_n: Region,
    W_n: Region,
    kappa: Scalar,
) -> Region:
    """Return the exact equivalent variation as a fraction of baseline income (8).

    With fixed labour (`kappa` zero) this is `I_hat / P_hat - 1`. With elastic labour the cost of
    working more is charged: preferences are those for which `L_hat = (w_hat / P_hat)**kappa` is
    the labour supply, that is consumption less a disutility of elasticity `1 + 1/kappa`. Where
    labour is taxed, `W_n` is what it keeps of its wages.
    """
    gain = I_new_n / I_n / P_hat_n - 1
    if kappa == 0:
        return np.asarray(gain)
    effort = kappa / (1 + kappa) * (L_hat_n ** ((1 + kappa) / kappa) - 1)
    return np.asarray(gain - effort * W_n / I_n)


def chosen_weight(pi_nij: Cube, x_hat_nij: Cube, theta_j: Sector, theta_S_j: Sector) -> Cube:
    """Return the sourcing weights of buyers who have just chosen anew at these costs (13)."""
    P_L_hat_nj = price(pi_nij, x_hat_nij, theta_j)
    return np.asarray(pi_nij * (x_hat_nij / P_L_hat_nj[:, None, :]) ** (theta_S_j - theta_j))


def sourcing_weight(a_nij: Cube, a_chosen_nij: Cube, delta: Scalar) -> Cube:
    """Return next year's sourcing weights, a share `delta` of buyers having chosen anew (14)."""
    return np.asarray(a_nij + delta * (a_chosen_nij - a_nij))


def joint_gain(EV_n: Region, I_n: Region, omega_n: Region) -> Scalar:
    """Return the gain of several regions together, in money, with weights `omega_n` (12)."""
    return float((omega_n * I_n * EV_n).sum())


def political_gain(
    EV_n: Region,
    I_n: Region,
    Pi_nj: RegionSector,
    R_n: Region,
    omega_n: Region,
    omega_nj: RegionSector,
    omega_R_n: Region,
) -> Scalar:
    """Return what a government gains that weighs sectors and revenue, in money (15).

    `Pi_nj` and `R_n` are changes of value added and of the revenue of tariffs and taxes over the
    baseline, deflated by consumer prices. With weights `omega_nj` and `omega_R_n` of one it is
    `joint_gain`.
    """
    sectors = ((omega_nj - 1) * Pi_nj).sum(axis=1)
    surplus = (omega_n * (sectors + (omega_R_n - 1) * R_n)).sum()
    return float(joint_gain(EV_n, I_n, omega_n) + surplus)


def employment_share(W_new_nj: RegionSector) -> RegionSector:
    """Return `delta_nj`, the share of each sector in the wages of its region (31).

    A sector gets as much of revenue where revenue is shared by employment.
    """
    return np.asarray(W_new_nj / W_new_nj.sum(axis=1, keepdims=True))
