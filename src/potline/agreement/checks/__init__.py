"""Checks of the answers about meetings, by code that shares nothing with what found them.

A checker reads the case itself and looks at nothing but the printed answer. What solves imports from here only the
verbs that verify; nothing here imports what solves. Two things come from elsewhere, each
with its own certificate: what a tonne idled loses (:mod:`potline.shutdown`) and sums over coalitions
(:mod:`potline.numerics.sharing.certificate`).
"""
