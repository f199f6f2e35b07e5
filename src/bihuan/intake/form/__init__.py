"""The ledger's own form of a workbook: the columns in which matters go out and come in again.

What goes out is written by `cells` and read back by `reading`, so that a workbook nobody edited says nothing anew.
"""
