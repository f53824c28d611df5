package rules

// The sources that more than one rule cites.
var (
	refFrandsen  = Ref{Cite: "Schuster Brandt Frandsen et al. 2025, British Journal of Sports Medicine 59:1203", DOI: "10.1136/bjsports-2024-109380"}
	refCouch5K   = Ref{Cite: "NHS, Couch to 5K running plan"}
	refTREK      = Ref{Cite: "TREK, patellofemoral pain education for runners"}
	refVanWorp   = Ref{Cite: "van der Worp et al. 2015, review of running injury risk factors, PMC4338213"}
	refAnderson  = Ref{Cite: "Anderson et al. 2022, Sports Medicine - Open", DOI: "10.1186/s40798-022-00504-0"}
	refHeidersc  = Ref{Cite: "Heiderscheit et al. 2011, Medicine & Science in Sports & Exercise 43:296", DOI: "10.1249/MSS.0b013e3181ebedf4"}
	refTessutti  = Ref{Cite: "Tessutti et al. 2012, Journal of Sports Sciences 30:1545"}
	refWaite     = Ref{Cite: "Waite et al. 2021, Journal of Applied Biomechanics 37:2"}
	refVanHooren = Ref{Cite: "Van Hooren et al. 2020, Sports Medicine", DOI: "10.1007/s40279-019-01237-z"}
	refBurns     = Ref{Cite: "Burns et al. 2019, step rate of elite 100-km runners"}
	refEsculier  = Ref{Cite: "Esculier et al. 2018, British Journal of Sports Medicine 52:659, trial with 69 runners"}
	refVincent   = Ref{Cite: "Vincent and Vincent 2017, Current Sports Medicine Reports 16, When is it safe to run?"}
)
