"""What people see and take away: the network as a report, as pictures and as files.

Everything here takes one ``networkx.MultiDiGraph`` with the attributes that :mod:`graphinv.views.attributes` documents.
"""
